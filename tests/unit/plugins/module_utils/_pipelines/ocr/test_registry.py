# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.registry import (
    BACKENDS,
    backend_kind,
)


def test_each_backend_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({backend.name for backend in BACKENDS}) == len(BACKENDS)
    for backend in BACKENDS:
        assert backend.summary.startswith(f"V({backend.name}) ")
        assert f"V({backend.name})" in backend.options_help


def test_a_backend_is_found_by_its_name_and_another_name_is_refused_with_those_there_are() -> None:
    assert [backend_kind(backend.name) for backend in BACKENDS] == list(BACKENDS)
    with pytest.raises(FarmError, match=r"There is no OCR backend 'pdftext': choose one of .*tesseract"):
        backend_kind("pdftext")
