# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict, assess
from demo.corpus import scan, thesis, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents; the long theses take their time."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder)
    return folder


def test_a_thesis_has_its_pages_and_greek_text_and_is_always_the_same() -> None:
    body = thesis(3, seed=1)
    document = pypdfium2.PdfDocument(body)
    assert len(document) == 3
    assert "της" in document[0].get_textpage().get_text_range()
    assert body == thesis(3, seed=1)


def test_a_scan_has_pictures_and_no_text() -> None:
    document = pypdfium2.PdfDocument(scan(2, seed=1))
    assert len(document) == 2
    assert document[0].get_textpage().count_chars() == 0


@pytest.mark.slow
def test_blank_sheets_are_blank_and_a_drawing_is_empty_as_something_is_to_be_seen(corpus: Path, tmp_path: Path) -> None:
    def read(name: str) -> Product:
        return PdfTextPipeline().process(Task(f"s3://demo/{name}", name, 0, corpus / name, tmp_path))

    with pytest.raises(DocumentFailure, match="none of 2 pages has text: every page is blank"):
        read("scans/separator-sheets.pdf")
    pages = read("drawings/faults-of-the-basin.pdf").pages
    assert pages is not None
    assert [page.quality.verdict for page in pages] == [Verdict.EMPTY]


def test_the_corpus_has_every_kind_of_trouble_and_is_written_once(corpus: Path) -> None:
    paths = write_corpus(corpus)
    written = {path: path.stat().st_mtime_ns for path in paths}
    wrong = pypdfium2.PdfDocument(corpus / "broken/wrong-encoding.pdf")
    assert assess(wrong[0].get_textpage().get_text_range()).verdict is Verdict.POOR
    assert (corpus / "broken/empty.pdf").read_bytes() == b""
    assert PdfReader(BytesIO((corpus / "broken/encrypted.pdf").read_bytes())).is_encrypted
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(corpus / "broken/half-an-upload.pdf")
    assert {path: path.stat().st_mtime_ns for path in write_corpus(corpus)} == written
