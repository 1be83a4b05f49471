# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.formula import (
    FORMULA,
    document,
    page,
    read_formula,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.output import formulas_of
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.page_texts import page_texts, read_pages
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi_math.crops import Place, crops
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(page())
    return path


def test_the_formula_is_where_doclings_document_says_and_nowhere_else(pdf: Path) -> None:
    (formula,) = formulas_of(json.loads(document()))
    (place,) = formula["prov"]
    box = place["bbox"]
    height = 842

    def ink(left: float, top: float, right: float, bottom: float) -> int:
        (picture,) = crops(pdf, [Place(1, (595, height), (left, top, right, bottom))], 2.0, 0.0)
        return sum(1 for value in picture.convert("L").tobytes() if value < 128)

    whole = ink(0, 0, 595, height)
    inside = ink(box["l"], height - box["t"], box["r"], height - box["b"])
    assert whole == inside > 1000
    # Its first letter and its last digit, so that the box is not much larger than the formula.
    assert ink(box["l"], height - box["t"], box["l"] + 15, height - box["b"]) > 100
    assert ink(box["r"] - 25, height - box["t"], box["r"], height - box["b"]) > 50


def test_the_formula_is_written_as_it_is_compared(pdf: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    with pypdfium2.PdfDocument(pdf) as opened:
        text = opened[0].get_textpage().get_text_range()
    assert "".join(text.split()).replace("\N{EN DASH}", "-") == FORMULA


def test_the_page_is_one_that_the_stage_may_have_to_do_with(pdf: Path) -> None:
    content = json.loads(document())
    (text,) = page_texts(read_pages(content), pdf, has_ocr=False)
    assert text.quality.verdict is Verdict.GOOD
    assert [formula["text"] for formula in formulas_of(content)] == [""]


@pytest.mark.parametrize(
    "latex",
    [
        "a^{2} + 7 b = c^{3} - 15",
        r"a ^ { 2 } + 7 b = c ^ { 3 } - 1 5",
        r"\mathit{a}^{2}+7\,b=\mathrm{c}^{3}-15",
        # One sign is wrong.
        "a^{2} + 7 b = c^{3} - 16",
    ],
)
def test_latex_is_compared_by_the_signs_that_are_seen(latex: str) -> None:
    reading = read_formula(f"Prose with c = 4.\n\n$${latex}$$\n")
    assert reading.problem == ""
    assert reading.similarity > 0.9


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("Prose alone, a2+7b=c3-15", "no formula came out."),
        ("<!-- formula-not-decoded -->", "no formula came out."),
        ("$$$$", "no formula came out."),
        (r"$$E = m c^{2}$$", "12% of its signs are right, and 70% have to be. It wrote 'E = m c^{2}' for a2+7b=c3-15."),
        # A model that goes on and on.
        ("$$" + "a^{2} + 7 b = c^{3} - 15 + " * 40 + "$$", "4% of its signs are right"),
        ("$$" + r"\quad " * 200 + "$$", "0% of its signs are right"),
    ],
)
def test_a_model_that_reads_something_else_is_of_no_use(markdown: str, problem: str) -> None:
    assert read_formula(markdown).problem.startswith(problem)
