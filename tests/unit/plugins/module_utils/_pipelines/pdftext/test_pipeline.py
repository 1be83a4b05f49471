# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext import pipeline as pdftext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import (
    PdfTextPipeline,
    clean,
    to_markdown,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


def pdf(*pages: str) -> bytes:
    """Return a PDF with a page for each text; ``#`` draws a black square, an empty text nothing."""
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    for page in pages:
        if page == "#":
            drawing.rect(100, 300, 300, 300, fill=1)
        elif page:
            drawing.drawString(72, 700, page)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


class Backend:
    """An OCR backend that has an answer for each page, and remembers what it was asked."""

    def __init__(self, **texts: str) -> None:
        self.texts = {int(name.removeprefix("page")): text for name, text in texts.items()}
        self.asked: list[list[int]] = []

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        assert document.is_file()
        assert list(folder.iterdir()) == []
        self.asked.append(list(pages))
        return {number: text for number, text in self.texts.items() if number in pages}


def process(folder: Path, body: bytes, ocr: Backend | None = None) -> Product:
    path = folder / "document.pdf"
    path.write_bytes(body)
    work = folder / "work"
    work.mkdir()
    pipeline = PdfTextPipeline(ocr, "" if ocr else "tesseract is not installed.")
    return pipeline.process(Task("s3://b/a.pdf", "a.pdf", 1, path, work))


def failure(folder: Path, body: bytes, ocr: Backend | None = None) -> DocumentFailure:
    with pytest.raises(DocumentFailure) as raised:
        process(folder, body, ocr)
    return raised.value


def test_text_comes_page_by_page_and_says_where_it_is_from(tmp_path: Path) -> None:
    product = process(tmp_path, pdf("Title", "", "Last"))
    assert product.markdown is not None
    assert product.json is not None
    assert product.markdown.read_text() == "<!-- page 1 -->\n\nTitle\n\n<!-- page 2 -->\n\n<!-- page 3 -->\n\nLast\n"
    assert json.loads(product.json.read_text()) == {
        "uri": "s3://b/a.pdf",
        "pipeline": pdftext.LABEL,
        "pages": 3,
        "characters": 9,
        "characters_per_page": [5, 0, 4],
        "method_per_page": ["text_layer", "blank", "text_layer"],
    }


def test_a_scan_without_a_recogniser_needs_ocr_and_says_why_there_is_none(tmp_path: Path) -> None:
    failed = failure(tmp_path, pdf("Title", "#"))
    assert failed.failure_class is FailureClass.NEEDS_OCR
    assert failed.message.endswith("they cannot be recognised: tesseract is not installed.")


def test_a_plate_in_a_thesis_is_named_and_does_not_fail_it(tmp_path: Path) -> None:
    product = process(tmp_path, pdf(*["text"] * 19, "#"))
    assert product.markdown is not None
    assert product.markdown.read_text().endswith("<!-- page 20: no text layer -->\n")


MOJIBAKE = "Ç ðáñïýóá äéáôñéâÞ åîåôÜæåé ôéò ìåèüäïõò óõëëïãÞò ôïõ äåßãìáôïò"


@pytest.mark.parametrize(
    ("recognised", "kept", "source"),
    [
        ("The results of the second chapter show it.", "The results of the second chapter show it.", TextSource.OCR),
        ("", MOJIBAKE, TextSource.LAYER),
    ],
)
def test_of_a_layer_that_is_no_text_and_what_is_recognised_the_better_is_kept(
    tmp_path: Path, recognised: str, kept: str, source: TextSource
) -> None:
    product = process(tmp_path, pdf(MOJIBAKE, "A page that needs none"), Backend(page1=recognised))
    assert product.pages == (
        PageText(kept, source, True, 1),
        PageText("A page that needs none", TextSource.LAYER, True, 2),
    )


def test_without_a_recogniser_a_layer_that_is_no_text_is_handed_over_to_be_judged(tmp_path: Path) -> None:
    assert process(tmp_path, pdf(MOJIBAKE)).pages == (PageText(MOJIBAKE, TextSource.LAYER, True, 1),)


def test_only_pages_that_need_it_are_recognised_all_at_once(tmp_path: Path) -> None:
    ocr = Backend(page2="The second page", page5="The fifth page")
    product = process(tmp_path, pdf("A page that needs none", "#", "", "Another one of these", "#"), ocr)
    assert ocr.asked == [[2, 5]]
    assert product.json is not None
    methods = json.loads(product.json.read_text())["method_per_page"]
    assert methods == ["text_layer", "ocr", "blank", "text_layer", "ocr"]


def test_where_no_page_needs_it_nothing_is_recognised(tmp_path: Path) -> None:
    ocr = Backend()
    process(tmp_path, pdf("A page that needs none"), ocr)
    assert ocr.asked == []


def test_a_page_that_the_recogniser_gave_up_is_not_taken_for_a_picture(tmp_path: Path) -> None:
    product = process(tmp_path, pdf(*["text"] * 19, "#"), Backend())
    assert product.markdown is not None
    assert product.markdown.read_text().endswith("<!-- page 20: no text layer -->\n")


def test_a_scan_that_the_recogniser_gave_up_is_not_told_to_need_one(tmp_path: Path) -> None:
    failed = failure(tmp_path, pdf("Title", "#"), Backend())
    assert failed.failure_class is FailureClass.EMPTY_OUTPUT
    assert "(the first is 2), and OCR gave them up" in failed.message


def test_pictures_alone_have_no_text(tmp_path: Path) -> None:
    failed = failure(tmp_path, pdf("#"), Backend(page1=""))
    assert failed.failure_class is FailureClass.EMPTY_OUTPUT
    assert failed.message == "none of 1 pages has text: OCR found no text either"


def test_blank_pages_alone_are_an_empty_output(tmp_path: Path) -> None:
    assert failure(tmp_path, pdf("", "")).failure_class is FailureClass.EMPTY_OUTPUT


def test_an_encrypted_file_is_told_from_a_corrupt_one(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("password", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    for name, body, expected in (
        ("locked", buffer.getvalue(), FailureClass.ENCRYPTED),
        ("broken", b"%PDF-1.4 no more", FailureClass.CORRUPT),
        ("empty", b"", FailureClass.CORRUPT),
    ):
        (tmp_path / name).mkdir()
        assert failure(tmp_path / name, body).failure_class is expected


def test_line_ends_are_one_kind_and_hyphens_stay_where_they_were() -> None:
    assert clean("exam\x02ple \r\nnext\rlast\x1b ") == "exam-\nple\nnext\nlast"
    assert clean("Λ\tβ\n") == "Λ\tβ"


def test_an_unread_page_is_never_silent() -> None:
    assert to_markdown([PageText("", TextSource.LAYER)]) == "<!-- page 1: no text layer -->\n"
