# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with glossAPI, against a stand-in that has its ways of being wrong.

The workers are those of production, in processes of their own, with ``tests/stubs`` on their path.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.options import GlossApiOptions
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.pipeline import GlossApiPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results, Task, WorkerUnfit
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.context import worker_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import WorkerProcess
from benchmarks.gpu.layers import without_layer
from tests.support.config import a_config

pytestmark = pytest.mark.slow

_WORDS: list[str] = re.findall(
    r"\w+",
    "results of the second chapter show that many students were asked about their work in schools and towns near "
    "water while earlier books describe how every method was tested again with other people before winter came",
)
SAFE = {"backend": "safe"}
OCR = "glossapi_rapidocr"


class Farm:
    """One slot with its worker, and documents for it."""

    def __init__(self, folder: Path, options: dict[str, Any], pipeline: str, loop: asyncio.Runner, traps: Path) -> None:
        config = a_config(workdir=str(folder), pipeline=pipeline, pipeline_options=options, slots=("0", "1"))
        self._recognises = pipeline == OCR
        layout = Layout(folder, 1)
        layout.create()
        config.save(layout.config)
        self.slot = layout.slot("0")
        self._folder = folder
        self._loop = loop
        self._traps = traps
        self._number = 0
        self._worker = WorkerProcess("0", layout.config, f"test-{folder}", worker_environment(config, "0"), self.slot)

    def start(self, *traps: str) -> None:
        self._traps.write_text(" ".join(traps))
        self._loop.run(self._worker.start())

    def process(
        self,
        *traps: str,
        pages: int = 3,
        listed: int | None = None,
        body: bytes | None = None,
        line: Callable[[int], str] | None = None,
    ) -> Outcome:
        """Process one document while the traps are on; ``listed`` are the manifest's pages."""
        self.start()
        self._traps.write_text(" ".join(traps))
        self._number += 1
        folder = self._folder / "documents" / str(self._number)
        (folder / "work").mkdir(parents=True)
        path = folder / "document.PDF"
        if body is None:
            write_pdf(path, pages, line or prose)
        else:
            path.write_bytes(body)
        task = Task("s3://b/x.PDF", "x.PDF", pages if listed is None else listed, path, folder / "work")
        if self._recognises:
            task = without_layer(replace(task, pages=pages))
        return self._loop.run(self._worker.process(task, 60, 1 << 40))

    def stop(self) -> None:
        self._loop.run(self._worker.kill())


def prose(page: int) -> str:
    """Return a line that no other page has."""
    return " ".join(random.Random(page).sample(_WORDS, 9)) + f" {page}"


def paragraph(page: int) -> str:
    """Return ten lines."""
    return "\n".join(map(prose, range(page, page + 10)))


def word(page: int) -> str:
    """Return what a slide has."""
    return _WORDS[page]


def write_pdf(path: Path, pages: int, line: Callable[[int], str]) -> None:
    drawing = canvas.Canvas(str(path))
    for number in range(1, pages + 1):
        for row, text in enumerate(line(number).split("\n")):
            drawing.drawString(72, 700 - 20 * row, text)
        drawing.showPage()
    drawing.save()


@pytest.fixture(scope="module")
def new_farm(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, library_path: Path
) -> Iterator[Callable[..., Farm]]:
    """Make farms whose workers find the stand-in; their workers are ended afterwards."""
    farms: list[Farm] = []
    traps = tmp_path_factory.mktemp("traps") / "traps"
    path = os.pathsep.join(map(str, (repository / "tests" / "stubs", library_path)))
    with asyncio.Runner() as loop, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        patch.setenv("GLOSSAPI_STUB_TRAPS", str(traps))

        def make(options: dict[str, Any] | None = None, pipeline: str = "glossapi") -> Farm:
            farms.append(Farm(tmp_path_factory.mktemp("farm"), options or {}, pipeline, loop, traps))
            return farms[-1]

        yield make
        for farm in farms:
            farm.stop()


@pytest.fixture(scope="module")
def gpu_farm(new_farm: Callable[..., Farm]) -> Farm:
    """The same slot for many tests: what one document does to a worker, the next one feels."""
    return new_farm({"math": True})


@pytest.fixture(scope="module")
def ocr_farm(new_farm: Callable[..., Farm]) -> Farm:
    """The same at stage ocr, where no document has a text layer."""
    return new_farm(pipeline=OCR)


@pytest.fixture(scope="module")
def cpu_farm(new_farm: Callable[..., Farm]) -> Farm:
    """Backend safe."""
    return new_farm(SAFE)


def text_of(outcome: Outcome) -> str:
    assert isinstance(outcome, Results), outcome
    assert outcome.markdown is not None
    return outcome.markdown.read_text()


def failure_of(outcome: Outcome) -> tuple[FailureClass, str]:
    assert isinstance(outcome, DocumentFailure), f"reported as done: {outcome}"
    return outcome.failure_class, outcome.message


@pytest.mark.parametrize("trap", ["", "released", "json_plain"])
def test_formulas_stay_on_for_every_document(gpu_farm: Farm, trap: str) -> None:
    for _document in range(3):
        outcome = gpu_farm.process(trap)
        assert text_of(outcome) == "\n\n".join(f"{prose(number)} [math]" for number in (1, 2, 3))
        assert isinstance(outcome, Results)
        assert outcome.json is not None
        assert list(json.loads(outcome.json.read_text())["pages"]) == ["1", "2", "3"]


@pytest.mark.parametrize("trap", ["", "released", "json_plain"])
def test_ocr_stays_on_for_every_document_and_keeps_its_headings(ocr_farm: Farm, trap: str) -> None:
    for _document in range(3):
        assert text_of(ocr_farm.process(trap)) == "\n".join(
            f"<!-- page {number} -->\n\n- {prose(number)} [ocr]\n" for number in (1, 2, 3)
        )


def test_the_text_layer_is_read_on_a_cpu_with_backend_safe(cpu_farm: Farm) -> None:
    for _document in range(2):
        outcome = cpu_farm.process()
        assert text_of(outcome) == "\n\n".join(prose(number) for number in (1, 2, 3))
        assert isinstance(outcome, Results)
        assert outcome.json is None


@pytest.mark.parametrize(
    ("trap", "failure_class", "reason"),
    [
        ("silent", FailureClass.PIPELINE, "reported nothing"),
        ("failed", FailureClass.PIPELINE, "reported a failure; .*Stage layout failed"),
        ("failed_hidden", FailureClass.PIPELINE, "notes a failure beside"),
        ("timeout_hidden", FailureClass.TIMEOUT, "notes a timeout beside"),
        ("partial", FailureClass.PIPELINE, "only a part was converted"),
        ("no_sidecar", FailureClass.EMPTY_OUTPUT, r"no doc\.json"),
        ("empty", FailureClass.NEEDS_OCR, "no text"),
        ("images_only", FailureClass.NEEDS_OCR, "no text"),
        ("formulas_lost", FailureClass.PIPELINE, "none of 5 formulas was decoded"),
        ("stub", FailureClass.PIPELINE, "stub"),
        ("stale", FailureClass.PIPELINE, "older than the attempt"),
        ("text_layer_only", FailureClass.PIPELINE, "on the CPU"),
        ("options_lost", FailureClass.PIPELINE, "changed its options on the way: formulas off"),
        ("page_missing", FailureClass.PIPELINE, "the output has 2 pages, the document 3"),
        ("chunk_partial", FailureClass.PIPELINE, "pages 1 to 3 ended as partial"),
        ("json_failed", FailureClass.PIPELINE, "JSON export failed"),
        ("json_cut", FailureClass.PIPELINE, "is not JSON|is broken"),
        ("raises", FailureClass.GPU, "illegal memory access"),
        ("cuda_error", FailureClass.GPU, "device-side assert"),
        ("cuda_memory_hidden", FailureClass.GPU_MEMORY, "CUDA out of memory"),
    ],
)
def test_what_glossapi_calls_a_success_is_not_done(
    gpu_farm: Farm, trap: str, failure_class: FailureClass, reason: str
) -> None:
    found, message = failure_of(gpu_farm.process(trap))
    assert found is failure_class, message
    assert re.search(reason, message), message
    # And the slot goes on with the next document.
    assert "[math]" in text_of(gpu_farm.process())


@pytest.mark.parametrize(
    ("trap", "failure_class", "reason"),
    [
        ("no_sidecar", FailureClass.EMPTY_OUTPUT, r"no doc\.json"),
        ("options_lost", FailureClass.PIPELINE, "changed its options on the way: OCR off"),
        ("ocr_not_run", FailureClass.PIPELINE, "did not run on any page"),
        ("page_missing", FailureClass.PIPELINE, "the output has 2 pages, the document 3"),
        ("raises", FailureClass.GPU, "illegal memory access"),
    ],
)
def test_what_glossapi_calls_recognised_is_not_done(
    ocr_farm: Farm, trap: str, failure_class: FailureClass, reason: str
) -> None:
    found, message = failure_of(ocr_farm.process(trap))
    assert found is failure_class, message
    assert re.search(reason, message), message
    assert "[ocr]" in text_of(ocr_farm.process())


def test_a_lost_chunk_of_a_long_document_is_missed(gpu_farm: Farm) -> None:
    whole = gpu_farm.process(pages=601)
    assert text_of(whole).count("[math]") == 601
    # Of the parts one document is made, so that it is known what stands on which page.
    assert isinstance(whole, Results)
    assert whole.json is not None
    assert whole.quality is not None
    assert list(json.loads(whole.json.read_text())["pages"]) == [str(number) for number in range(1, 602)]
    assert [page["page"] for page in json.loads(whole.quality.read_text())["pages"]] == list(range(1, 602))
    apart = gpu_farm.process("parts_apart", pages=601)
    assert text_of(apart).count("[math]") == 601
    assert isinstance(apart, Results)
    assert apart.json is None
    found, message = failure_of(gpu_farm.process("chunk_lost", pages=601))
    assert found is FailureClass.PIPELINE
    assert "has 600 pages, the document 601" in message


def test_a_page_that_the_text_layer_lost_fails_the_document(cpu_farm: Farm) -> None:
    found, message = failure_of(cpu_farm.process("page_lost"))
    assert found is FailureClass.CORRUPT
    assert "failed on page 2" in message


def test_a_scan_without_ocr_needs_it(cpu_farm: Farm) -> None:
    found, _message = failure_of(cpu_farm.process("page_texts_lost", pages=20))
    assert found is FailureClass.NEEDS_OCR


def test_text_on_a_few_of_many_pages_is_not_enough(gpu_farm: Farm, ocr_farm: Farm) -> None:
    found, message = failure_of(gpu_farm.process("page_texts_lost", pages=20))
    characters = sum(len("".join(prose(page).split())) for page in (1, 2))
    assert (found, message) == (
        FailureClass.NEEDS_OCR,
        f"{characters} characters of text for 20 pages: they were not read",
    )
    # As long as it should be, but all of it from two pages.
    found, message = failure_of(gpu_farm.process("page_texts_lost", pages=20, line=paragraph))
    assert found is FailureClass.NEEDS_OCR
    assert message.startswith("18 of 20 pages are not text: 3 (empty, layer)")
    found, message = failure_of(ocr_farm.process("page_texts_lost", pages=20, line=paragraph))
    assert (found, message) == (FailureClass.EMPTY_OUTPUT, "text on 2 of 20 pages only")


def test_slides_of_a_word_each_are_done(cpu_farm: Farm, gpu_farm: Farm) -> None:
    for farm in (cpu_farm, gpu_farm):
        read = text_of(farm.process(pages=20, line=word)).split("\n\n")
        assert [slide.split()[0] for slide in read] == [word(number) for number in range(1, 21)]


def test_without_json_the_markdown_is_enough(gpu_farm: Farm) -> None:
    outcome = gpu_farm.process("json_missing")
    assert isinstance(outcome, Results)
    assert outcome.json is None


def test_a_document_that_was_replaced_since_it_was_counted_is_done(gpu_farm: Farm) -> None:
    assert "[math]" in text_of(gpu_farm.process(pages=3, listed=7))


def test_why_a_document_cannot_be_read_is_its_class(gpu_farm: Farm, cpu_farm: Farm) -> None:
    for farm in (gpu_farm, cpu_farm):
        found, _message = failure_of(farm.process(body=b"%PDF-1.4 no more"))
        assert found is FailureClass.CORRUPT


def test_a_full_disk_is_no_documents_fault(gpu_farm: Farm) -> None:
    assert isinstance(gpu_farm.process("disk_full"), WorkerUnfit)


def test_what_is_of_no_document_stays_in_the_slots_folder(gpu_farm: Farm) -> None:
    gpu_farm.process()
    assert (gpu_farm.slot / "conversion.log").exists()
    assert (gpu_farm.slot / "corpus").is_dir()


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ("no_gpu", "torch sees 0 GPUs"),
        ("two_gpus", "torch sees 2 GPUs"),
        ("gpu_fails", "uncorrectable ECC error"),
        ("gpu_computes_wrongly", "computes wrongly"),
    ],
)
def test_a_worker_whose_gpu_is_of_no_use_does_not_start(new_farm: Callable[..., Farm], trap: str, reason: str) -> None:
    with pytest.raises(GpuFault, match=reason):
        new_farm().start(trap)


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ("no_gpu", "torch sees 0 GPUs"),
        ("onnxruntime_on_cpu", r"onnxruntime 1\.22\.0 runs on CPUExecutionProvider"),
        ("ocr_on_cpu", "OCR was made to run on CPUExecutionProvider"),
    ],
)
def test_neither_does_one_whose_ocr_would_not_use_it(new_farm: Callable[..., Farm], trap: str, reason: str) -> None:
    with pytest.raises(GpuFault, match=reason):
        new_farm(pipeline=OCR).start(trap)


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ("old_release", "has no prime_extractor"),
        ("ocr_ignored", "does not do what it was asked for: OCR off"),
        ("no_models", "The models cannot be loaded: OSError: couldn't connect to the hub"),
        # glossAPI hides it.
        ("no_layout_model", "The models cannot be loaded: OSError: the layout model is not in the cache"),
    ],
)
def test_a_glossapi_that_cannot_do_what_is_asked_is_refused(
    new_farm: Callable[..., Farm], trap: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FarmError, match="did not get ready"):
        new_farm(pipeline=OCR).start(trap)
    assert reason in capfd.readouterr().err


def test_backend_safe_needs_no_gpu(new_farm: Callable[..., Farm]) -> None:
    new_farm(SAFE).start("no_gpu", "onnxruntime_on_cpu")


class RecordingDevice:
    """Notes what it is asked, and whether the models were loaded by then; OCR misses it from ``misses`` on."""

    accelerator = "cuda:0"

    def __init__(self, misses: int | None = None) -> None:
        self.asked: list[str] = []
        self._misses = misses

    def prepare(self, *, ocr: bool) -> None:
        self.asked.append(f"prepare {ocr=} {'rapidocr' in sys.modules}")

    def check_sessions(self) -> None:
        self.asked.append(f"check {'rapidocr' in sys.modules}")
        if len(self.asked) == self._misses:
            raise GpuFault("on the CPU")


@pytest.fixture
def in_this_process(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The stand-in in this process; returns the file of its traps."""
    traps = tmp_path / "traps"
    traps.touch()
    monkeypatch.setenv("GLOSSAPI_STUB_TRAPS", str(traps))
    monkeypatch.syspath_prepend(repository / "tests" / "stubs")
    monkeypatch.chdir(tmp_path)
    before, handlers = set(sys.modules), logging.getLogger().handlers.copy()
    yield traps
    logging.getLogger().handlers = handlers
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("docling", "glossapi", "onnxruntime", "rapidocr"):
            del sys.modules[name]


@pytest.mark.usefixtures("in_this_process")
def test_the_device_is_prepared_before_models_are_loaded_and_asked_afterwards(tmp_path: Path) -> None:
    device = RecordingDevice()
    GlossApiPipeline(GlossApiOptions(ocr=True), 1, tmp_path, device)
    assert device.asked == ["prepare ocr=True False", "check True"]
    device = RecordingDevice()
    GlossApiPipeline(GlossApiOptions(), 1, tmp_path, device)
    assert device.asked == ["prepare ocr=False True"]


def test_models_that_are_loaded_again_have_to_use_the_device_too(in_this_process: Path, tmp_path: Path) -> None:
    pipeline = GlossApiPipeline(GlossApiOptions(ocr=True), 1, tmp_path, RecordingDevice(misses=3))
    in_this_process.write_text("released")
    path = tmp_path / "x.pdf"
    write_pdf(path, 1, prose)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    pipeline.process(Task("s3://b/x.pdf", "x.pdf", 1, path, tmp_path / "first"))
    with pytest.raises(GpuFault, match="on the CPU"):
        pipeline.process(Task("s3://b/x.pdf", "x.pdf", 1, path, tmp_path / "second"))
