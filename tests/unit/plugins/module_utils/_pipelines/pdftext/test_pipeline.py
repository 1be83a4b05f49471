# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
from collections.abc import Callable
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


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def process(folder: Path, body: bytes) -> Product:
    path = folder / "document.pdf"
    path.write_bytes(body)
    work = folder / "work"
    work.mkdir()
    return PdfTextPipeline().process(Task("s3://b/a.pdf", "a.pdf", 1, path, work))


def failure(folder: Path, body: bytes) -> FailureClass:
    with pytest.raises(DocumentFailure) as raised:
        process(folder, body)
    return raised.value.failure_class


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


@pytest.mark.usefixtures("without_tesseract")
def test_a_scan_without_tesseract_needs_ocr(tmp_path: Path) -> None:
    assert failure(tmp_path, pdf("Title", "#")) is FailureClass.NEEDS_OCR


@pytest.mark.usefixtures("without_tesseract")
def test_a_plate_in_a_thesis_is_named_and_does_not_fail_it(tmp_path: Path) -> None:
    product = process(tmp_path, pdf(*["text"] * 19, "#"))
    assert product.markdown is not None
    assert product.markdown.read_text().endswith("<!-- page 20: no text layer -->\n")


@pytest.fixture
def install_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a program of this name that answers with what a line of shell prints."""

    def install(line: str) -> None:
        program = tmp_path / "bin" / "tesseract"
        program.parent.mkdir()
        listing = 'if [ "$1" = --list-langs ]; then printf "List:\\nell\\neng\\nosd\\n"; exit; fi'
        program.write_text(f"#!/bin/sh\n{listing}\n{line}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")

    return install


MOJIBAKE = "Ç ðáñïýóá äéáôñéâÞ åîåôÜæåé ôéò ìåèüäïõò óõëëïãÞò ôïõ äåßãìáôïò"


@pytest.mark.parametrize(
    ("recognised", "kept", "source"),
    [
        ("The results of the second chapter show it.", "The results of the second chapter show it.", TextSource.OCR),
        ("", MOJIBAKE, TextSource.LAYER),
    ],
)
def test_of_a_layer_that_is_no_text_and_what_tesseract_reads_the_better_is_kept(
    tmp_path: Path, install_tesseract: Callable[[str], None], recognised: str, kept: str, source: TextSource
) -> None:
    install_tesseract(f"cat > /dev/null; echo '{recognised}'")
    product = process(tmp_path, pdf(MOJIBAKE, "A page that needs none"))
    assert product.pages == (
        PageText(kept, source, True, 1),
        PageText("A page that needs none", TextSource.LAYER, True, 2),
    )


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_a_layer_that_is_no_text_is_handed_over_to_be_judged(tmp_path: Path) -> None:
    assert process(tmp_path, pdf(MOJIBAKE)).pages == (PageText(MOJIBAKE, TextSource.LAYER, True, 1),)


def test_pages_without_text_are_read_by_tesseract_where_it_is(
    tmp_path: Path, install_tesseract: Callable[[str], None]
) -> None:
    install_tesseract('printf "%s %s: " "$3" "$4"; head -c 12 | head -n 1')
    product = process(tmp_path, pdf("#"))
    assert product.markdown is not None
    # 595.28 x 841.89 points at 300 dpi.
    assert "-l ell+eng: P5 2481 3508" in product.markdown.read_text()


def test_blank_pages_alone_are_an_empty_output(tmp_path: Path) -> None:
    assert failure(tmp_path, pdf("", "")) is FailureClass.EMPTY_OUTPUT


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
        assert failure(tmp_path / name, body) is expected


def test_line_ends_are_one_kind_and_hyphens_stay_where_they_were() -> None:
    assert clean("exam\x02ple \r\nnext\rlast\x1b ") == "exam-\nple\nnext\nlast"
    assert clean("Λ\tβ\n") == "Λ\tβ"


def test_an_unread_page_is_never_silent() -> None:
    assert to_markdown([PageText("", TextSource.LAYER)]) == "<!-- page 1: no text layer -->\n"
