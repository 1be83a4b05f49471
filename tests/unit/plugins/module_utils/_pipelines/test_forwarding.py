# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.forwarding import forward, read_layer
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import (
    PageText,
    TextSource,
    sections_of,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Forwarded, Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict
from tests.support.pdfs import pdf

GREEK = "Η παρούσα διατριβή εξετάζει τις μεθόδους συλλογής του δείγματος και θέτει νέα ερωτήματα."
NOISE = "xqzv wpgk fjdq ztrb vvkq hhxz pqwz mnbq xzkj wvqp rrtq zxcv bnmq lkjq hgfz dsaq poiz uytq"


def task_of(folder: Path, body: bytes) -> Task:
    path = folder / "a.pdf"
    path.write_bytes(body)
    return Task("s3://b/a.pdf", "a.pdf", 1, path, folder)


def pages_of(forwarded: Forwarded) -> tuple[PageText, ...]:
    return read_layer(Layer.from_json(forwarded.layer.read_bytes(), str(forwarded.layer)))


def layer(*texts: str, inked: bool = True) -> tuple[PageText, ...]:
    return tuple(PageText(text, TextSource.LAYER, inked, number) for number, text in enumerate(texts, start=1))


def test_the_pages_whose_layer_is_no_text_are_open_and_the_others_are_kept(tmp_path: Path) -> None:
    pages = layer(GREEK, NOISE, "", GREEK)
    forwarded = forward(task_of(tmp_path, pdf(4)), Product(pages=pages), "why")
    assert (forwarded.open_pages, forwarded.message) == ((2, 3), "why")
    assert pages_of(forwarded) == pages


def test_the_labels_of_a_drawing_stay_labels(tmp_path: Path) -> None:
    pages = (*layer(""), PageText("A d B\nC n m", TextSource.LAYER, page=2, is_drawn=True))
    forwarded = forward(task_of(tmp_path, pdf(2)), Product(pages=pages), "why")
    assert forwarded.open_pages == (1,)
    assert [page.quality.verdict for page in pages_of(forwarded)] == [Verdict.EMPTY, Verdict.GOOD]


def test_a_pipelines_own_markdown_is_asked_for_the_kept_pages_alone(tmp_path: Path) -> None:
    asked = []

    def page_markdown(numbers: Collection[int]) -> dict[int, str]:
        asked.append(set(numbers))
        return {1: f"# {GREEK}"}

    product = Product(pages=layer(GREEK, NOISE), page_markdown=page_markdown)
    kept, opened = pages_of(forward(task_of(tmp_path, pdf(2)), product, "why"))
    assert asked == [{1}]
    assert (kept.text, kept.markdown, opened.markdown) == (GREEK, f"# {GREEK}", "")


@pytest.mark.parametrize("product", [None, Product(pages=None), Product(pages=sections_of(NOISE, TextSource.LAYER))])
def test_without_text_by_page_every_page_that_is_not_blank_is_open(tmp_path: Path, product: Product | None) -> None:
    forwarded = forward(task_of(tmp_path, SCAN), product, "why")
    assert forwarded.open_pages == (1,)
    assert pages_of(forwarded) == (PageText("", TextSource.LAYER, True, 1),)


def test_of_too_little_text_all_pages_are_open(tmp_path: Path) -> None:
    forwarded = forward(task_of(tmp_path, pdf(2)), Product(pages=layer("Σελίδα 1", "Σελίδα 2")), "too little")
    assert forwarded.open_pages == (1, 2)


@pytest.mark.parametrize("product", [None, Product(pages=layer("", "", inked=False))])
def test_blank_pages_are_nothing_to_recognise(tmp_path: Path, product: Product | None) -> None:
    with pytest.raises(DocumentFailure, match="why; and nothing is to be seen on its pages") as raised:
        forward(task_of(tmp_path, pdf(2)), product, "why")
    assert raised.value.failure_class is FailureClass.EMPTY_OUTPUT


def test_what_cannot_be_opened_fails_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure) as raised:
        forward(task_of(tmp_path, pdf(1, "secret")), None, "why")
    assert raised.value.failure_class is FailureClass.ENCRYPTED
