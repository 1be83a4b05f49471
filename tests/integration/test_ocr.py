# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's scan, read by real tesseract."""

from __future__ import annotations

import difflib
import json
import random
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.tesseract import (
    WANTED_LANGUAGES,
    Tesseract,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task
from demo.corpus import page_lines, scan

_FOUND = Tesseract.find()
_PAGES = 2
_SEED = 4


@pytest.mark.skipif(
    _FOUND is None or _FOUND.languages != "+".join(WANTED_LANGUAGES),
    reason="tesseract with Greek and English is not installed (Debian: tesseract-ocr, tesseract-ocr-ell)",
)
def test_a_scan_becomes_the_text_that_was_drawn_into_it(tmp_path: Path) -> None:
    document = tmp_path / "scan.pdf"
    document.write_bytes(scan(_PAGES, _SEED))
    product = PdfTextPipeline().process(Task("s3://b/scan.pdf", "scan.pdf", _PAGES, document, tmp_path))

    chance = random.Random(_SEED)
    drawn = " ".join(line for page in range(1, _PAGES + 1) for line in page_lines(chance, page)).split()
    assert product.markdown is not None
    read = product.markdown.read_text().split()
    matching = difflib.SequenceMatcher(None, drawn, read, autojunk=False).get_matching_blocks()
    # Not every word: recognition is no exact science.
    assert sum(block.size for block in matching) / len(drawn) > 0.8
    assert product.json is not None
    assert json.loads(product.json.read_text())["method_per_page"] == ["ocr"] * _PAGES
