# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.judgement import judge
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.pipeline import OcrPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import TextSource
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import Quality
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict

GREEK = "Η παρούσα διατριβή εξετάζει τις μεθόδους συλλογής του δείγματος και θέτει νέα ερωτήματα."
ENGLISH = "This thesis looks at the methods by which the sample was collected, and asks new questions."
NOISE = "xqzv wpgk fjdq ztrb vvkq hhxz pqwz mnbq xzkj wvqp rrtq zxcv bnmq lkjq hgfz dsaq poiz uytq"

SPECKS = "q . r\nt '\nk"


class Reader:
    """Recognises what it is told to."""

    def __init__(self, texts: dict[int, str]) -> None:
        self._texts = texts
        self.asked: list[tuple[Path, Sequence[int], list[Path]]] = []

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        self.asked.append((document, pages, list(folder.iterdir())))
        return self._texts


def task_of(folder: Path, pages: tuple[LayerPage, ...], open_pages: tuple[int, ...]) -> Task:
    layer = folder / "layer.json"
    layer.write_bytes(Layer("s3://b/a.pdf", pages).to_json())
    work = folder / "work"
    work.mkdir()
    return Task("s3://b/a.pdf", "a.pdf", len(open_pages), folder / "a.pdf", work, layer, open_pages)


def product_of(task: Task, texts: dict[int, str]) -> Product:
    return OcrPipeline(Reader(texts), "reader 1.0").process(task)


def test_only_the_open_pages_are_recognised_and_the_document_is_composed_of_both(tmp_path: Path) -> None:
    pages = (LayerPage(1, GREEK, markdown=f"# {GREEK}"), LayerPage(2, NOISE), LayerPage(3, "", has_ink=False))
    task = task_of(tmp_path, pages, (2,))
    reader = Reader({2: ENGLISH})
    product = OcrPipeline(reader, "reader 1.0").process(task)
    assert reader.asked == [(task.input, (2,), [])]
    assert product.markdown is not None
    assert product.markdown.read_text() == (
        f"<!-- page 1 -->\n\n# {GREEK}\n\n<!-- page 2 -->\n\n{ENGLISH}\n\n<!-- page 3 -->\n"
    )
    assert product.json is not None
    assert json.loads(product.json.read_text())["method_per_page"] == ["text_layer", "ocr", "blank"]
    results = judge(product, task)
    assert results.quality is not None
    record = Quality.from_json(results.quality.read_bytes(), "there")
    assert [(page.page, page.source, page.backend) for page in record.pages] == [
        (1, "layer", ""),
        (2, "ocr", "reader 1.0"),
        (3, "layer", ""),
    ]


@pytest.mark.parametrize(
    ("layer", "recognised", "source"),
    [
        (NOISE, {1: GREEK}, TextSource.OCR),
        (GREEK, {1: NOISE}, TextSource.LAYER),
        (NOISE, {1: ""}, TextSource.LAYER),
        (NOISE, {}, TextSource.LAYER),
        ("", {1: NOISE}, TextSource.OCR),
        (SPECKS, {1: GREEK}, TextSource.OCR),
        (SPECKS, {}, TextSource.LAYER),
    ],
)
def test_of_each_page_what_reads_better_is_kept(
    tmp_path: Path, layer: str, recognised: dict[int, str], source: TextSource
) -> None:
    product = product_of(task_of(tmp_path, (LayerPage(1, layer),), (1,)), recognised)
    assert product.pages is not None
    assert [page.source for page in product.pages] == [source]


def test_where_neither_is_text_the_document_is_unreadable_and_not_in_need_of_ocr_again(tmp_path: Path) -> None:
    task = task_of(tmp_path, (LayerPage(1, NOISE), LayerPage(2, GREEK)), (1,))
    with pytest.raises(DocumentFailure, match="1 of 2 pages are not text: 1 ") as raised:
        judge(product_of(task, {}), task)
    assert raised.value.failure_class is FailureClass.UNREADABLE


def test_a_page_that_was_given_up_is_not_taken_for_a_picture(tmp_path: Path) -> None:
    task = task_of(tmp_path, (LayerPage(1, ""), LayerPage(2, GREEK)), (1,))
    with pytest.raises(DocumentFailure, match=r"1 \(empty"):
        judge(product_of(task, {}), task)


def test_a_picture_among_pages_is_no_fault_and_pictures_alone_are_no_text(tmp_path: Path) -> None:
    task = task_of(tmp_path, (LayerPage(1, ""), LayerPage(2, GREEK)), (1,))
    assert judge(product_of(task, {1: ""}), task).markdown is not None
    (tmp_path / "alone").mkdir()
    with pytest.raises(DocumentFailure, match=r"none of 1 pages has text: reader 1\.0 found none either") as raised:
        product_of(task_of(tmp_path / "alone", (LayerPage(1, ""),), (1,)), {1: ""})
    assert raised.value.failure_class is FailureClass.EMPTY_OUTPUT


@pytest.mark.parametrize("layer", ["", SPECKS])
@pytest.mark.parametrize("recognised", ["", "ς\n\nCf", SPECKS])
def test_specks_that_were_taken_for_letters_are_a_picture_and_not_written_down(
    tmp_path: Path, layer: str, recognised: str
) -> None:
    task = task_of(tmp_path, (LayerPage(1, layer), LayerPage(2, GREEK)), (1,))
    product = product_of(task, {1: recognised})
    assert product.pages is not None
    assert [(page.text, page.quality.verdict) for page in product.pages] == [("", Verdict.BLANK), (GREEK, Verdict.GOOD)]
    assert judge(product, task).markdown is not None


def test_a_document_of_specks_alone_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure, match="none of 1 pages has text") as raised:
        product_of(task_of(tmp_path, (LayerPage(1, SPECKS),), (1,)), {1: "ς\n\nCf"})
    assert raised.value.failure_class is FailureClass.EMPTY_OUTPUT


def test_a_document_that_is_composed_of_ranges_is_byte_for_byte_the_undivided_one(tmp_path: Path) -> None:
    layer = {1: NOISE, 3: "", 5: NOISE, 7: NOISE}
    pages = tuple(LayerPage(number, layer.get(number, GREEK)) for number in range(1, 25))
    texts = {1: ENGLISH, 3: SPECKS, 5: GREEK}
    # Page 7 was given up.
    whole = task_of(tmp_path, pages, (1, 3, 5, 7))
    written = judge(product_of(whole, texts), whole)
    divided = replace(whole, folder=tmp_path / "composed", ranges=tmp_path / "ranges")
    divided.folder.mkdir()
    for part in ((1, 3), (5, 7)):
        folder = tmp_path / "ranges" / f"work-{part[0]}"
        folder.mkdir(parents=True)
        reader = Reader({number: text for number, text in texts.items() if number in part})
        recognised = OcrPipeline(reader, "reader 1.0").recognise(replace(whole, folder=folder, part=part))
        assert recognised.pages == sum(number in texts for number in part)
        assert [(document, asked) for document, asked, _files in reader.asked] == [(whole.input, part)]
    nobody = Reader({})
    composed = judge(OcrPipeline(nobody, "reader 1.0").process(divided), divided)
    assert nobody.asked == []
    for one, other in (
        (written.markdown, composed.markdown),
        (written.json, composed.json),
        (written.quality, composed.quality),
    ):
        assert one is not None
        assert other is not None
        assert one.read_bytes() == other.read_bytes()
