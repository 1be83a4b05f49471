# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page whose text is known, read by OCR backend tesseract."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.reading import Reading, problem_of, read
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.kind import TESSERACT
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def recognise(tessdata: Path, folder: Path, *languages: str) -> Reading:
    """Return how the page is read in these languages, on a machine that has no program of tesseract."""
    source = folder / "scan.pdf"
    source.write_bytes(SCAN)
    options = {"tessdata": str(tessdata), "languages": list(languages)}
    backend = TESSERACT.create(WorkerContext(options, 1, folder, S3Uri("r"), Connection()))
    return read(backend.recognise(source, [1], folder)[1])


@pytest.fixture(autouse=True)
def without_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def test_a_recogniser_with_both_languages_passes(tessdata: Path, tmp_path: Path) -> None:
    reading = recognise(tessdata, tmp_path, "ell", "eng")
    assert problem_of(reading, is_recognised=True) == ""
    assert reading.similarity >= 0.97


def test_a_recogniser_without_greek_is_named(tessdata: Path, tmp_path: Path) -> None:
    problem = problem_of(recognise(tessdata, tmp_path, "eng"), is_recognised=True)
    assert problem.startswith("the recogniser has no Greek: 0% ")


def test_a_recogniser_of_greek_alone_has_too_little_right(tessdata: Path, tmp_path: Path) -> None:
    assert "% of its characters are right" in problem_of(recognise(tessdata, tmp_path, "ell"), is_recognised=True)
