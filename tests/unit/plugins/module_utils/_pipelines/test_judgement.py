# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.judgement import judge
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import Quality

GREEK = "Η παρούσα διατριβή εξετάζει τις μεθόδους συλλογής του δείγματος και θέτει νέα ερωτήματα."
MOJIBAKE = "Ç ðáñïýóá äéáôñéâÞ åîåôÜæåé ôéò ìåèüäïõò óõëëïãÞò ôïõ äåßãìáôïò êáé èÝôåé íÝá åñùôÞìáôá."
LOOK_ALIKE = "H tαpouoα Stαtplβn eξetαζel tlς μeθóδouς oυλλoγnς toυ δelyμαtoς kαl θetel νeα epwtnμαtα."
NOISE = "xqzv wpgk fjdq ztrb vvkq hhxz pqwz mnbq xzkj wvqp rrtq zxcv bnmq lkjq hgfz dsaq poiz uytq"


def layer(*texts: str) -> tuple[PageText, ...]:
    return tuple(PageText(text, TextSource.LAYER, page=number) for number, text in enumerate(texts, start=1))


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task("s3://b/a.pdf", "a.pdf", 1, tmp_path / "a.pdf", tmp_path)


def record_of(path: Path | None) -> Quality:
    assert path is not None
    return Quality.from_json(path.read_bytes(), str(path))


def test_good_text_is_kept_and_told_page_by_page(task: Task) -> None:
    pages = (*layer(GREEK, GREEK), PageText(GREEK, TextSource.OCR, page=3), PageText("", TextSource.OCR, False, 4))
    record = record_of(judge(Product(pages=pages), task).quality)
    assert (record.uri, record.verdict) == (task.uri, "good")
    assert [(page.page, page.source, page.verdict) for page in record.pages] == [
        (1, "layer", "good"),
        (2, "layer", "good"),
        (3, "ocr", "good"),
        (4, "ocr", "blank"),
    ]
    assert record.summary.pages == {"layer": 2, "ocr": 2}
    assert record.summary.verdicts == {"good": 3, "blank": 1}
    assert record.pages[0].characters == len("".join(GREEK.split()))


@pytest.mark.parametrize("text", [MOJIBAKE, LOOK_ALIKE, NOISE])
@pytest.mark.parametrize(
    ("source", "failure_class"),
    [
        (TextSource.LAYER, FailureClass.NEEDS_OCR),
        (TextSource.OCR, FailureClass.UNREADABLE),
        (TextSource.PROGRAM, FailureClass.UNREADABLE),
    ],
)
def test_what_is_no_text_fails_its_document(
    task: Task, text: str, source: TextSource, failure_class: FailureClass
) -> None:
    with pytest.raises(DocumentFailure, match=r"1 of 2 pages are not text: 2 \(poor, \w+ [0-9.]+, ") as raised:
        judge(Product(pages=(*layer(GREEK), PageText(text, source, page=2))), task)
    assert raised.value.failure_class is failure_class


def test_a_plate_among_many_pages_does_not_fail_them(task: Task) -> None:
    pages = layer(*[GREEK] * 9, "")
    assert record_of(judge(Product(pages=pages), task).quality).summary.verdicts == {"good": 9, "empty": 1}
    with pytest.raises(DocumentFailure, match=r"2 of 10 pages are not text: 9 \(empty, layer\), 10 \(empty, layer\)"):
        judge(Product(pages=layer(*[GREEK] * 8, "", "")), task)


def test_of_many_bad_pages_the_first_are_named(task: Task) -> None:
    with pytest.raises(
        DocumentFailure, match=r"20 of 20 pages are not text: 1 .*, 5 [^,]*, [^,]*, layer\), and 15 more"
    ):
        judge(Product(pages=layer(*[NOISE] * 20)), task)


def test_the_message_shows_how_bad_text_begins(task: Task) -> None:
    with pytest.raises(DocumentFailure, match=r"1 \(empty, layer\), 2 \(poor, .*It begins: 'xqzv wpgk [a-z ]{70}'$"):
        judge(Product(pages=layer("", NOISE)), task)


def test_a_document_of_pictures_or_formulas_alone_is_no_failure(task: Task) -> None:
    assert record_of(judge(Product(pages=(PageText("", TextSource.OCR, False, 1),)), task).quality).verdict == "blank"


def test_markdown_is_normalised_and_what_was_changed_is_told(task: Task) -> None:
    markdown = task.folder / "a.md"
    markdown.write_bytes("∆ΙΑΚΗΡΥΞΗ\r\nτης \u00b5εθόδου, 5 \u00b5m\n".encode())
    results = judge(Product(pages=layer(GREEK), markdown=markdown), task)
    assert results.markdown == markdown
    assert markdown.read_bytes().decode() == "ΔΙΑΚΗΡΥΞΗ\r\nτης μεθόδου, 5 \u00b5m\n"
    assert record_of(results.quality).normalised == {"increment": 1, "micro sign": 1}


def test_what_is_said_to_be_no_text_is_kept_as_it_is(task: Task) -> None:
    markdown = task.folder / "a.md"
    markdown.write_text("\u00b5ε " + NOISE)
    results = judge(Product(pages=None, markdown=markdown), task)
    assert (results.markdown, results.quality) == (markdown, None)
    assert markdown.read_text() == "\u00b5ε " + NOISE
