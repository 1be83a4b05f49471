# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend tesseract for real, from Python packages alone: the demo's scan, and what is meant to stop it."""

from __future__ import annotations

import difflib
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.backend import OcrBackend
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.pipeline import OcrPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.engines import (
    LibraryEngine,
    Picture,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.kind import TESSERACT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import LanguageData
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Forwarded, Task
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.main import process
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._text.normalise import normalise
from demo.corpus import page_lines, scan

_PAGES = 2
_SEED = 4
_LEAST_RATIO = 0.97

Create = Callable[..., OcrBackend]


@pytest.fixture
def create(tessdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Create:
    """Return the backend, on a machine that has no program of tesseract."""
    monkeypatch.setenv("PATH", "/nowhere")

    def create_backend(folder: Path = tessdata, **options: Any) -> OcrBackend:
        worker = WorkerContext({"tessdata": str(folder), **options}, 1, tmp_path, S3Uri("r"), Connection())
        return TESSERACT.create(worker)

    return create_backend


def _drawn() -> list[str]:
    chance = random.Random(_SEED)
    return ["\n".join(page_lines(chance, page)) for page in range(1, _PAGES + 1)]


def _ratio(drawn: str, read: str) -> float:
    return difflib.SequenceMatcher(None, drawn.split(), read.split(), autojunk=False).ratio()


def test_a_scan_becomes_the_text_that_was_drawn_into_it(tmp_path: Path, create: Create) -> None:
    document = tmp_path / "scan.pdf"
    document.write_bytes(scan(_PAGES, _SEED))
    texts = create().recognise(document, [1, 2], tmp_path)
    assert list(texts) == [1, 2]
    for drawn, text in zip(_drawn(), texts.values(), strict=True):
        read = normalise(text).text
        ratio = difflib.SequenceMatcher(None, "".join(drawn.split()), "".join(read.split()), autojunk=False).ratio()
        assert ratio >= _LEAST_RATIO


def test_the_stages_put_it_in_the_place_of_the_missing_layer(tmp_path: Path, create: Create) -> None:
    document = tmp_path / "scan.pdf"
    document.write_bytes(scan(_PAGES, _SEED))
    task = Task("s3://b/scan.pdf", "scan.pdf", _PAGES, document, tmp_path)
    handed_on = process(PdfTextPipeline(), task, forwards=True)
    assert isinstance(handed_on, Forwarded)
    (tmp_path / "ocr").mkdir()
    ocr = replace(task, layer=handed_on.layer, open_pages=handed_on.open_pages, folder=tmp_path / "ocr")
    product = OcrPipeline(create(), "tesseract").process(ocr)
    assert product.markdown is not None
    assert product.json is not None
    # Word by word, with each page's comment among them.
    assert _ratio("\n".join(_drawn()), normalise(product.markdown.read_text()).text) > 0.9
    assert json.loads(product.json.read_text())["method_per_page"] == ["ocr"] * _PAGES


def test_blank_pages_and_pictures_have_no_text(tmp_path: Path, create: Create) -> None:
    document = tmp_path / "pictures.pdf"
    grey = Image.linear_gradient("L").resize((600, 800))
    Image.new("L", (600, 800), 255).save(document, "PDF", save_all=True, append_images=[grey])
    assert create().recognise(document, [1, 2], tmp_path) == {1: "", 2: ""}


def test_data_without_greek_or_with_a_damaged_file_is_refused(tmp_path: Path, tessdata: Path, create: Create) -> None:
    folder = tmp_path / "tessdata"
    folder.mkdir()
    shutil.copy(tessdata / "eng.traineddata", folder)
    with pytest.raises(FarmError, match=r"ell\.traineddata is missing"):
        create(folder)
    (folder / "ell.traineddata").write_bytes((tessdata / "ell.traineddata").read_bytes()[:100_000])
    with pytest.raises(FarmError, match=r"cannot load the language data of ell(\+eng)? in"):
        create(folder)


def test_noise_that_looks_like_letters_is_given_up(tessdata: Path) -> None:
    import tesserocr

    width, height, block = 2480, 3508, 8
    chance = random.Random(1)
    rows = []
    for _row in range(0, height, block):
        row = b"".join(bytes([0 if chance.random() < 0.15 else 255]) * block for _column in range(0, width, block))
        rows.append(row[:width] * block)
    picture = Picture(width, height, b"".join(rows)[: width * height], 300)
    engine = LibraryEngine(tesserocr, LanguageData(tessdata, ("ell", "eng")))
    # It takes seconds to see that there is no text in it, on any machine.
    engine._seconds = 0.05
    assert engine.read(picture) is None


def test_its_revision_says_which_engine_and_which_data(tessdata: Path) -> None:
    revision = TESSERACT.revision({"tessdata": str(tessdata)})
    assert revision == "tesseract 5.5.4 (tesserocr 2.13.0), ell c8dc383cf201, eng 5dc5d8d640a2"
