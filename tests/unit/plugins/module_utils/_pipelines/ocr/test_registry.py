# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.registry import BACKENDS, backend_of
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.kind import TESSERACT


def test_a_backend_is_found_by_its_name() -> None:
    assert backend_of("tesseract") is TESSERACT
    with pytest.raises(FarmError, match=r"no OCR backend 'tesserakt': choose one of tesseract\."):
        backend_of("tesserakt")


def test_each_backend_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({backend.name for backend in BACKENDS}) == len(BACKENDS)
    for backend in BACKENDS:
        assert backend.summary.startswith(f"V({backend.name}) ")
        assert f"V({backend.name})" in backend.options_help
