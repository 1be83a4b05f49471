# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi`` on a CPU: the same test on the stand-in and on a real checkout of glossAPI with real docling.

GLOSSAPI_FARM_GLOSSAPI names the checkout, GLOSSAPI_FARM_GLOSSAPI_PYTHON the Python that has what it needs;
see docs/testing.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary import formula
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas
from emulators.docling_models import LATEX
from tests.support.glossapi_worker import STAND_IN, Installation, checkout_of_glossapi, worker

SAFE = {"backend": "safe"}
# So many that a page is prose.
SENTENCES = (
    "The springs of the mountain were measured every month for six years.",
    "Their temperature changes with the height of the rain that fell before.",
    "None of the instruments had to be replaced, and two were calibrated again.",
)
FORMULA = "E = mc2"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The real glossAPI."""
    found = checkout_of_glossapi(tmp_path_factory.mktemp("models"))
    if found is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    return found


def checkout_with_formulas(folder: Path, formulas: str) -> Installation:
    """The real glossAPI, with a layout network that finds a formula on each page."""
    found = checkout_of_glossapi(folder, "--formulas", formulas)
    if found is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    return found


@pytest.fixture(params=["stand-in", "checkout"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Each of the two."""
    if request.param == "stand-in":
        return STAND_IN
    found = request.getfixturevalue("checkout")
    assert isinstance(found, Installation)
    return found


def _place(number: int, line: str) -> tuple[int, int]:
    """Return where a line stands, a formula in the lower right quarter of the page."""
    return (400, 200) if line == FORMULA else (72, 700 - 20 * number)


def pdf(path: Path, *pages: str) -> Path:
    path.parent.mkdir()
    drawing = canvas.Canvas(str(path))
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            drawing.drawString(*_place(number, line), line)
        drawing.showPage()
    drawing.save()
    return path


def test_a_worker_converts_one_document_after_the_other(installation: Installation, tmp_path: Path) -> None:
    outcomes: dict[str, Outcome] = {}
    with worker(installation, SAFE, tmp_path) as ask:
        for name in ("first", "second", "third", "scan", "broken"):
            path = tmp_path / name / "document.PDF"
            pdf(path, *([""] * 2 if name == "scan" else [f"The {name} page one", f"The {name} page two"]))
            if name == "broken":
                path.write_bytes(b"%PDF-1.4 no more")
            outcomes[name] = ask(path, 2)
    for name in ("first", "second", "third"):
        results = outcomes[name]
        assert isinstance(results, Results), results
        assert results.markdown is not None
        assert results.markdown.read_text() == f"The {name} page one\n\nThe {name} page two"
    for name, failure_class in (("scan", FailureClass.NEEDS_OCR), ("broken", FailureClass.CORRUPT)):
        failure = outcomes[name]
        assert isinstance(failure, DocumentFailure), f"reported as done: {failure}"
        assert failure.failure_class is failure_class


def test_docling_reads_the_layer_page_by_page(checkout: Installation, tmp_path: Path) -> None:
    """Two documents, as what is wrong with glossAPI's own call begins with the second."""
    with worker(checkout, {}, tmp_path) as ask:
        for name in ("first", "second"):
            texts = [f"{name} {number}\n" + "\n".join(SENTENCES) for number in ("one", "two")]
            results = ask(pdf(tmp_path / name / "document.PDF", *texts, ""), 3)
            assert isinstance(results, Results), results
            assert results.markdown is not None
            assert results.json is not None
            assert results.quality is not None
            assert results.markdown.read_text().split() == " ".join(texts).split()
            assert len(json.loads(results.json.read_text())["pages"]) == 3
            record = json.loads(results.quality.read_text())
            assert [(page["page"], page["source"], page["verdict"]) for page in record["pages"]] == [
                (1, "layer", "good"),
                (2, "layer", "good"),
                (3, "layer", "blank"),
            ]


def formulas_of(document: Path) -> Sequence[str]:
    return [item["text"] for item in json.loads(document.read_text())["texts"] if item["label"] == "formula"]


@pytest.mark.parametrize("math", [True, False])
def test_formulas_are_latex_where_that_is_asked_for(math: bool, tmp_path: Path) -> None:
    """Two documents, as what is wrong with glossAPI's own call begins with the second."""
    with worker(checkout_with_formulas(tmp_path / "models", "read"), {"math": math}, tmp_path) as ask:
        for name in ("first", "second"):
            text = f"{name}\n" + "\n".join(SENTENCES)
            results = ask(pdf(tmp_path / name / "document.PDF", *[f"{text}\n{FORMULA}"] * 2), 2)
            assert isinstance(results, Results), results
            assert results.markdown is not None
            assert results.json is not None
            formula = f"$${LATEX} $$" if math else "<!-- formula-not-decoded -->"
            assert results.markdown.read_text().split() == f"{text} {formula} {text} {formula}".split()
            assert [found.strip() for found in formulas_of(results.json)] == [LATEX if math else ""] * 2


def test_stage_math_reads_the_formulas_that_stage_text_has_found(tmp_path: Path) -> None:
    """Two documents by one worker; but for the formulas they are as stage text has them."""
    installation = checkout_with_formulas(tmp_path / "models", "read")
    pages = ["\n".join([*SENTENCES, FORMULA])] * 2
    found: dict[str, Results] = {}
    for pipeline in ("glossapi", "glossapi_math"):
        folder = tmp_path / pipeline
        folder.mkdir()
        with worker(installation, {}, folder, pipeline) as ask:
            for name in ("first", "second"):
                path = tmp_path / name / "document.PDF"
                before = found.get(name)
                if before is None:
                    pdf(path, *pages)
                results = ask(path, 2, document=before.json if before else None)
                assert isinstance(results, Results), results
                assert results.markdown is not None
                assert results.json is not None
                if before is None:
                    found[name] = results
                    continue
                assert before.markdown is not None
                text = before.markdown.read_text()
                assert text.count("<!-- formula-not-decoded -->") == 2
                assert results.markdown.read_text() == text.replace("<!-- formula-not-decoded -->", f"$${LATEX}$$")
                assert formulas_of(results.json) == [LATEX, LATEX]
                assert results.formulas == Formulas(2, 2)


def test_of_a_long_document_it_is_known_what_stands_on_each_page_and_its_formulas_are_read(tmp_path: Path) -> None:
    """It is converted in parts. The same worker reads the formula that smoke.yml tries."""
    installation = checkout_with_formulas(tmp_path / "models", "read")
    in_parts = replace(installation, variables={**installation.variables, "GLOSSAPI_FARM_PART_PAGES": "2"})
    texts = [f"part {number}\n" + "\n".join([*SENTENCES, FORMULA]) for number in range(1, 6)]
    path = pdf(tmp_path / "long" / "document.PDF", *texts)
    found: dict[str, Results] = {}
    for pipeline in ("glossapi", "glossapi_math"):
        folder = tmp_path / pipeline
        folder.mkdir()
        before = found["glossapi"].json if found else None
        with worker(in_parts, {}, folder, pipeline) as ask:
            results = ask(path, 5, document=before)
            assert isinstance(results, Results), results
            found[pipeline] = results
            if pipeline == "glossapi_math":
                (tmp_path / "canary").mkdir()
                page, layout = tmp_path / "canary" / "page.pdf", tmp_path / "canary" / "document.json"
                page.write_bytes(formula.page())
                layout.write_bytes(formula.document())
                read = ask(page, 1, document=layout)
                assert isinstance(read, Results), read
                assert read.markdown is not None
                assert f"$${LATEX}$$" in read.markdown.read_text()
    long = found["glossapi"]
    assert (tmp_path / "long" / "work-glossapi" / "glossapi" / "markdown" / "doc.chunks.json").exists()
    assert long.json is not None
    assert long.quality is not None
    assert long.markdown is not None
    document = json.loads(long.json.read_text())
    assert list(document["pages"]) == ["1", "2", "3", "4", "5"]
    places = [item["prov"][0]["page_no"] for item in document["texts"] if item["label"] == "formula"]
    assert places == [1, 2, 3, 4, 5]
    pages = json.loads(long.quality.read_text())["pages"]
    assert [(page["page"], page["verdict"]) for page in pages] == [(number, "good") for number in range(1, 6)]
    math = found["glossapi_math"]
    assert math.formulas == Formulas(5, 5)
    assert math.markdown is not None
    undecoded = long.markdown.read_text()
    assert undecoded.count("<!-- formula-not-decoded -->") == 5
    assert math.markdown.read_text() == undecoded.replace("<!-- formula-not-decoded -->", f"$${LATEX}$$")


def test_formulas_that_all_stay_unread_are_no_success(tmp_path: Path) -> None:
    with worker(checkout_with_formulas(tmp_path / "models", "unread"), {"math": True}, tmp_path) as ask:
        failure = ask(pdf(tmp_path / "document" / "document.PDF", *["\n".join(SENTENCES)] * 5), 5)
    assert isinstance(failure, DocumentFailure), f"reported as done: {failure}"
    assert (failure.failure_class, failure.message) == (FailureClass.PIPELINE, "none of 5 formulas was decoded")
