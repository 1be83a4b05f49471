# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
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
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict
from tests.support.page_kinds import (
    HEBREW,
    drawing,
    joined,
    lines,
    pictured,
    right_to_left,
    scribbled,
    sideways,
)


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


def process(folder: Path, body: bytes) -> Product:
    path = folder / "document.pdf"
    path.write_bytes(body)
    work = folder / "work"
    work.mkdir()
    return PdfTextPipeline().process(Task("s3://b/a.pdf", "a.pdf", 1, path, work))


def failure(folder: Path, body: bytes) -> DocumentFailure:
    with pytest.raises(DocumentFailure) as raised:
        process(folder, body)
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


MOJIBAKE = "Ç ðáñïýóá äéáôñéâÞ åîåôÜæåé ôéò ìåèüäïõò óõëëïãÞò ôïõ äåßãìáôïò"


def test_what_is_no_text_and_pages_without_any_are_handed_over_to_be_judged(tmp_path: Path) -> None:
    product = process(tmp_path, pdf(MOJIBAKE, "#", ""))
    assert product.pages == (
        PageText(MOJIBAKE, TextSource.LAYER, True, 1),
        PageText("", TextSource.LAYER, True, 2),
        PageText("", TextSource.LAYER, False, 3),
    )
    assert product.markdown is not None
    assert product.markdown.read_text().endswith("<!-- page 2: no text layer -->\n\n<!-- page 3 -->\n")


def test_letters_in_a_drawing_are_its_labels_and_over_a_picture_they_are_noise(tmp_path: Path) -> None:
    product = process(tmp_path, joined(drawing(*"AdBdCnm"), pictured(scribbled(1), layer=["q . r", "t '", "k"])))
    assert product.pages is not None
    assert [(page.is_drawn, page.quality.verdict) for page in product.pages] == [
        (True, Verdict.GOOD),
        (False, Verdict.POOR),
    ]


def test_lines_that_run_upwards_keep_their_ends_and_hebrew_its_order(tmp_path: Path) -> None:
    product = process(tmp_path, joined(sideways(["Η πρώτη γραμμή", "και η δεύτερη"]), right_to_left()))
    assert product.pages is not None
    assert [page.text for page in product.pages] == ["Η πρώτη γραμμή\nκαι η δεύτερη", HEBREW]


def test_what_stands_beyond_the_edges_is_not_read(tmp_path: Path) -> None:
    product = process(tmp_path, lines(["Within the page"] + [""] * 70 + ["and below its edge"]))
    assert product.pages is not None
    assert [page.text for page in product.pages] == ["Within the page"]


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
