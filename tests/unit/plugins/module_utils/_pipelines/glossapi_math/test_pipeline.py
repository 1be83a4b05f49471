# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a stand-in of docling's model, in the worker of production."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas
from tests.support.glossapi_worker import STAND_IN, Ask, started, worker

pytestmark = pytest.mark.slow

MATH = "glossapi_math"
PROSE = "The springs of the mountain were measured every month for six years, and none of them had to be replaced."


def formula(page: int, left: float, width: float, text: str = "") -> dict[str, Any]:
    box = {"l": left, "t": 400, "r": left + width, "b": 380}
    return {"label": "formula", "text": text, "orig": "x2", "prov": [{"page_no": page, "bbox": box}]}


def content(*formulas: dict[str, Any]) -> dict[str, Any]:
    prose = [{"label": "text", "text": PROSE, "prov": [{"page_no": page}]} for page in (1, 2)]
    pages = {str(page): {"page_no": page, "size": {"width": 600, "height": 800}} for page in (1, 2)}
    return {"pages": pages, "texts": [prose[0], *formulas, prose[1]], "meta": {"coord_precision": 2}}


class Documents:
    """Puts documents to a worker."""

    def __init__(self, ask: Ask, folder: Path) -> None:
        self._ask = ask
        self._folder = folder
        self._number = 0

    def process(self, document: bytes | dict[str, Any], *traps: str) -> Outcome:
        (self._folder / "traps").write_text(" ".join(traps))
        self._number += 1
        path = self._folder / str(self._number) / "a.pdf"
        path.parent.mkdir()
        drawing = canvas.Canvas(str(path), pagesize=(600, 800))
        for _page in range(2):
            drawing.drawString(72, 700, PROSE)
            drawing.showPage()
        drawing.save()
        file = path.with_name("document.json")
        file.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        return self._ask(path, 2, document=file)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    folder = tmp_path_factory.mktemp("math")
    with worker(STAND_IN, {}, folder, MATH) as ask:
        yield Documents(ask, folder)


def test_each_formula_has_what_the_model_reads_at_its_place_and_nothing_else_changes(documents: Documents) -> None:
    """More formulas than the model takes at a time; half their width and height is shown around them."""
    before = content(formula(1, 100, 20), formula(1, 200, 40), formula(2, 100, 60, "read before"))
    results = documents.process(before)
    assert isinstance(results, Results), results
    assert results.markdown is not None
    assert results.json is not None
    assert results.quality is not None
    read = [r"40 \times 40", r"80 \times 40", r"120 \times 40"]
    formulas = [f"$${text}$$" for text in read]
    assert results.markdown.read_text() == "\n\n".join([PROSE, *formulas, PROSE])
    after = json.loads(results.json.read_text())
    assert [item["text"] for item in after["texts"]] == [PROSE, *read, PROSE]
    for item in [*before["texts"], *after["texts"]]:
        del item["text"]
    assert after == before
    assert results.formulas == Formulas(3, 3)
    assert json.loads(results.quality.read_text())["verdict"] == "good"


def test_a_formula_without_a_place_stays_as_it_is(documents: Documents) -> None:
    results = documents.process(content(formula(1, 100, 20) | {"prov": []}, formula(1, 100, 20)))
    assert isinstance(results, Results), results
    assert results.markdown is not None
    assert "<!-- formula-not-decoded -->" in results.markdown.read_text()
    assert results.formulas == Formulas(2, 1)


def test_latex_that_cannot_be_right_is_kept_and_not_counted_as_read(documents: Documents) -> None:
    results = documents.process(content(formula(1, 100, 20)), "formula_open")
    assert isinstance(results, Results), results
    assert results.formulas == Formulas(1, 0)


@pytest.mark.parametrize(
    ("document", "traps", "failure_class", "message"),
    [
        (b"{", (), FailureClass.PIPELINE, "docling's document is not JSON"),
        (content(*[formula(1, 100, 20)] * 5), ("formulas_lost",), FailureClass.PIPELINE, "none of 5 formulas"),
        (content(formula(1, 100, 20)), ("cuda_memory",), FailureClass.GPU_MEMORY, "CUDA out of memory"),
    ],
)
def test_what_cannot_be_read_is_no_success(
    documents: Documents, document: Any, traps: tuple[str, ...], failure_class: FailureClass, message: str
) -> None:
    failure = documents.process(document, *traps)
    assert isinstance(failure, DocumentFailure), f"reported as done: {failure}"
    assert failure.failure_class is failure_class
    assert message in failure.message


def test_a_worker_without_the_model_refuses_to_start(tmp_path: Path) -> None:
    with started(STAND_IN, {}, tmp_path, MATH) as process:
        (tmp_path / "traps").write_text("no_models")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 1
    assert "The formula model cannot be loaded: OSError: couldn't connect to the hub" in (tmp_path / "log").read_text()
