# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.registry import BACKENDS


def test_each_backend_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({backend.name for backend in BACKENDS}) == len(BACKENDS)
    for backend in BACKENDS:
        assert backend.summary.startswith(f"V({backend.name}) ")
        assert f"V({backend.name})" in backend.options_help
