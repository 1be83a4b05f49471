# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page whose text is known, read by a recogniser, where tesseract is installed with Greek and English."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.tesseract import Tesseract
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.canary.reading import problem_of, read


def recognise(languages: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what is wrong with tesseract in these languages, by pipeline pdftext."""
    found = Tesseract.find()
    if found is None or found.languages != "ell+eng":
        pytest.skip("tesseract is not installed with Greek and English")
    monkeypatch.setattr(Tesseract, "find", lambda: Tesseract(found.program, languages))
    source = folder / "scan.pdf"
    source.write_bytes(SCAN)
    product = PdfTextPipeline().process(Task("s3://b/scan.pdf", "scan.pdf", 1, source, folder))
    assert product.markdown is not None
    return problem_of(read(product.markdown.read_text()), is_recognised=True)


def test_a_recogniser_with_both_languages_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recognise("ell+eng", tmp_path, monkeypatch) == ""


def test_a_recogniser_without_greek_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recognise("eng", tmp_path, monkeypatch).startswith("the recogniser has no Greek: 0% ")


def test_a_recogniser_of_greek_alone_has_too_little_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "% of its characters are right" in recognise("ell", tmp_path, monkeypatch)
