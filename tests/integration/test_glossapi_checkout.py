# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi`` on a CPU: the same test on the stand-in and on a real checkout of glossAPI with real docling.

GLOSSAPI_FARM_GLOSSAPI names the checkout, GLOSSAPI_FARM_GLOSSAPI_PYTHON the Python that has what it needs;
see docs/testing.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.glossapi_worker import STAND_IN, Installation, checkout_of_glossapi, worker

SAFE = {"backend": "safe"}
# So many that a page is prose.
SENTENCES = (
    "The springs of the mountain were measured every month for six years.",
    "Their temperature changes with the height of the rain that fell before.",
    "None of the instruments had to be replaced, and two were calibrated again.",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The real glossAPI."""
    found = checkout_of_glossapi(tmp_path_factory.mktemp("models"))
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


def pdf(path: Path, *pages: str) -> Path:
    path.parent.mkdir()
    drawing = canvas.Canvas(str(path))
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            drawing.drawString(72, 700 - 20 * number, line)
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
