# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.backend import (
    DeepSeekBackend,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.command import FILE
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.engine import (
    Engine,
    EngineEnded,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.options import (
    DeepSeekOptions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.results import (
    Answer,
    PageRange,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.deepseek import DIE, DIE_ONCE, an_installation, pages_pdf, starts
from tests.unit.plugins.module_utils._pipelines.ocr.glossapi_deepseek.test_results import metric, write

pytestmark = pytest.mark.slow


class Script:
    """Reads pages, but ends with any that is among its deadly ones, nothing left of those it had at once."""

    def __init__(self, folder: Path, deadly: Sequence[int] = ()) -> None:
        self.output = folder / "output"
        self.runs = True
        self.deadly = list(deadly)
        self.asked: list[list[int]] = []
        self.starts = 0
        self.problem = ""
        self.scan = TEXT

    def start(self) -> None:
        if self.problem:
            raise FarmError(self.problem)
        self.starts += 1
        self.runs = True

    def recognise(self, document: Path, ranges: Sequence[PageRange]) -> list[Answer]:
        if document.name == "canary.pdf":
            write(self.output, [self.scan], [metric(1, self.scan)], ranges[0].name(FILE))
            return [Answer(len(self.scan), cut_off=False)]
        pages = [page for each in ranges for page in each.pages]
        self.asked.append(pages)
        if set(pages) & set(self.deadly):
            self.runs = False
            raise EngineEnded("the script ended with status 7.", [])
        for each in ranges:
            texts = [f"page {page}" for page in each.pages]
            write(self.output, texts, [metric(n, text) for n, text in enumerate(texts, 1)], each.name(FILE))
        return [Answer(len(f"page {page}"), cut_off=False) for page in pages]


def a_backend(folder: Path, deadly: Sequence[int] = ()) -> tuple[DeepSeekBackend, Script]:
    script = Script(folder, deadly)
    return DeepSeekBackend(script, name="glossapi_deepseek x", folder=folder), script


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return pages_pdf(tmp_path / "document.pdf", [1] * 40)


def test_all_pages_are_put_to_the_script_at_once(document: Path, tmp_path: Path) -> None:
    backend, script = a_backend(tmp_path)
    assert backend.recognise(document, [3, 1, 2, 9], tmp_path) == {n: f"page {n}" for n in (3, 1, 2, 9)}
    assert script.asked == [[1, 2, 3, 9]]
    assert script.starts == 0


def test_a_page_that_ends_the_script_is_found_and_given_up_and_the_others_are_read(
    document: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backend, script = a_backend(tmp_path, [18])
    texts = backend.recognise(document, range(1, 41), tmp_path)
    assert texts == {page: f"page {page}" for page in range(1, 41) if page != 18}
    assert script.starts == 3
    assert [len(pages) for pages in script.asked] == [40, 16, 16, 1, 1, 16, 6]
    assert "page 18 is given up" in caplog.text


def test_a_document_that_ends_one_script_after_the_other_fails(document: Path, tmp_path: Path) -> None:
    backend, script = a_backend(tmp_path, range(1, 41))
    with pytest.raises(DocumentFailure, match=r"ended 4 times while it had it; last: .* status 7") as told:
        backend.recognise(document, range(1, 41), tmp_path)
    assert told.value.failure_class is FailureClass.CRASH
    script.deadly = []
    assert backend.recognise(document, [1], tmp_path) == {1: "page 1"}


def test_a_document_of_one_page_is_tried_twice(document: Path, tmp_path: Path) -> None:
    backend, script = a_backend(tmp_path, [1])
    assert backend.recognise(document, [1], tmp_path) == {}
    assert script.asked == [[1], [1]]


def test_a_script_that_ended_between_two_documents_is_nobodys_fault(document: Path, tmp_path: Path) -> None:
    backend, script = a_backend(tmp_path)
    script.runs = False
    assert backend.recognise(document, [1], tmp_path) == {1: "page 1"}
    assert script.starts == 1


def test_a_script_that_does_not_start_again_or_does_not_read_any_more_drains_the_gpu(
    document: Path, tmp_path: Path
) -> None:
    backend, script = a_backend(tmp_path)
    script.runs, script.problem = False, "no GPU there."
    with pytest.raises(GpuFault, match="no GPU there"):
        backend.recognise(document, [1], tmp_path)
    script.problem, script.scan = "", "oeAida"
    with pytest.raises(GpuFault, match="x, started again, does not read a scan"):
        backend.recognise(document, [1], tmp_path)


def test_a_document_that_cannot_be_opened_is_not_put_to_the_script(tmp_path: Path) -> None:
    backend, script = a_backend(tmp_path)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 no more")
    with pytest.raises(DocumentFailure, match="corrupt"):
        backend.recognise(broken, [1], tmp_path)
    assert script.asked == []


@contextmanager
def started(
    folder: Path, answers: Mapping[int, Sequence[tuple[str, str]]], *changes: tuple[str, str]
) -> Iterator[DeepSeekBackend]:
    """A backend with a real process."""
    options = DeepSeekOptions.parse(an_installation(folder, answers, *changes))
    engine = Engine(options, Path(options.model or ""), folder / "work", logging.getLogger("script").info)
    engine.start()
    try:
        yield DeepSeekBackend(engine, name="x", folder=folder)
    finally:
        engine.stop()


def test_what_was_read_before_the_script_ended_is_not_read_again(tmp_path: Path) -> None:
    answers = {1: [("α", "stop"), ("read again", "stop")], 2: [(DIE_ONCE, "")], 3: [("γ", "stop")]}
    with started(tmp_path, answers) as backend:
        document = pages_pdf(tmp_path / "document.pdf", [1, 0, 2, 0, 3])
        assert backend.recognise(document, [1, 3, 5], tmp_path) == {1: "α", 3: DIE_ONCE, 5: "γ"}
    assert starts(tmp_path) == 2


def test_an_engine_that_dies_of_a_page_each_time_costs_three_starts_and_the_page(tmp_path: Path) -> None:
    with started(tmp_path, {1: [("α", "stop")], 2: [(DIE, "")]}) as backend:
        document = pages_pdf(tmp_path / "document.pdf", [1, 2, 1])
        assert backend.recognise(document, [1, 2, 3], tmp_path) == {1: "α", 3: "α"}
    assert starts(tmp_path) == 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("target.write_text(body)", "pass"), "said that it had read 2 pages, and left no metrics of any"),
        (
            ("target.write_text(body)", "target.write_text(body.replace('raw_chars', 'chars'))"),
            "does not say raw_chars",
        ),
        (("target.write_text(body)", "target.write_text(body[:-2])"), "no page_count and page_metrics|signs"),
        (("    write(file, int(first), int(last))", "    pass"), "left no metrics of any"),
    ],
)
def test_metrics_that_are_missing_or_of_another_shape_fail_the_document_and_the_script_goes_on(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    with started(tmp_path, {1: [("άλφα", "stop")]}, change) as backend:
        document = pages_pdf(tmp_path / "document.pdf", [1, 1])
        with pytest.raises(DocumentFailure, match=told) as failure:
            backend.recognise(document, [1, 2], tmp_path)
        assert failure.value.failure_class is FailureClass.PIPELINE
        assert backend._script.runs
