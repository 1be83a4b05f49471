# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.options import GlossApiOptions
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.output import (
    GlossApiOutput,
    check_formulas,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.output_checks import Start
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource

NO_PDF = Path("/nowhere/doc.pdf")
WITHOUT_OCR, WITH_OCR = GlossApiOptions(), GlossApiOptions(ocr=True)


def output(
    folder: Path, files: dict[str, Any], options: GlossApiOptions = WITHOUT_OCR, text: str = "some text " * 20
) -> GlossApiOutput:
    start = Start.of(folder)
    for name, content in {"sidecars/extract/doc.json": {"page_count": 2}, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    (folder / "markdown").mkdir(exist_ok=True)
    (folder / "markdown" / "doc.md").write_text(text)
    return GlossApiOutput(folder, start, options)


def chunks(*entries: tuple[int, int, str]) -> dict[str, Any]:
    return {
        "markdown/doc.chunks.json": {
            "entries": [{"page_start": start, "page_end": end, "status": status} for start, end, status in entries]
        }
    }


def test_a_complete_document_passes(tmp_path: Path) -> None:
    texts = [{"text": text, "prov": [{"page_no": number}]} for number, text in ((1, "one"), (2, "two"))]
    document = {"pages": {"1": {}, "2": {}}, "texts": texts}
    product = output(tmp_path, {"json/doc.docling.json": document}).check((2, 2), NO_PDF)
    assert product.pages is not None
    assert [page.text for page in product.pages] == ["one", "two"]
    assert product.markdown == tmp_path / "markdown" / "doc.md"
    assert product.json == tmp_path / "doc.json"


def test_pages_that_nobody_counted_are_not_compared(tmp_path: Path) -> None:
    output(tmp_path, {"sidecars/extract/doc.json": {}}).check((0, 0), NO_PDF)
    output(tmp_path, {"sidecars/extract/doc.json": {}}).check((2, 0), NO_PDF)


def test_chunks_follow_one_another_to_the_last_page(tmp_path: Path) -> None:
    output(tmp_path, chunks((1, 200, "ok"), (201, 210, "ok")), text="text " * 2000).check((210, 210), NO_PDF)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([(1, 200, "ok"), (201, 210, "partial")], "pages 201 to 210 ended as partial"),
        ([(1, 200, "ok"), (401, 410, "ok")], "those before reach to 200"),
        ([(1, 200, "ok")], "the output has 200 pages, the document 210"),
        ([], None),
    ],
)
def test_a_gap_between_chunks_is_found(entries: list[tuple[int, int, str]], reason: str | None, tmp_path: Path) -> None:
    found = output(tmp_path, chunks(*entries), text="short")
    with pytest.raises(DocumentFailure, match=reason):
        found.check((210, 210), NO_PDF)


def test_recognised_pages_without_any_text_are_pictures_and_not_a_failure(tmp_path: Path) -> None:
    document: dict[str, Any] = {"json/doc.docling.json": {"pages": {"1": {}, "2": {}}}}
    product = output(tmp_path, document, WITH_OCR, text="<!-- image -->").check((2, 2), NO_PDF)
    assert product.pages == tuple(PageText("", TextSource.OCR, False, number) for number in (1, 2))


def test_ocr_must_have_an_entry_where_steps_are_measured(tmp_path: Path) -> None:
    document: dict[str, Any] = {"json/doc.docling.json": {"pages": {"1": {}, "2": {}}}}
    metrics = "json/metrics/doc.metrics.json"
    for timings in ({}, {"ocr": {"count": 2}}):
        output(tmp_path, document | {metrics: {"timings": timings}}, WITH_OCR).check((2, 2), NO_PDF)
    with pytest.raises(DocumentFailure, match="did not run"):
        output(tmp_path, document | {metrics: {"timings": {"layout": {"count": 2}}}}, WITH_OCR).check((2, 2), NO_PDF)


@pytest.mark.parametrize("texts", [[""] * 4, ["", "", "", "", "x"], []])
def test_a_few_formulas_may_be_beyond_the_model(texts: list[str]) -> None:
    check_formulas({"texts": [{"label": "formula", "text": text} for text in texts] + [{"label": "text", "text": ""}]})


def test_formulas_of_which_none_was_decoded_were_not_tried() -> None:
    with pytest.raises(DocumentFailure, match="none of 5 formulas"):
        check_formulas({"texts": [{"label": "formula", "text": "", "orig": "E=mc2"}] * 5})
