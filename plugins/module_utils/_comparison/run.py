# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One backend on the pages of a comparison, on one GPU: with as many workers as the farm would give it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._children.child import Child, is_ready, library_environment
from .._children.owner import kill_owned, owner_name
from .._errors import FarmError
from .._pipelines.failures import DocumentFailure
from .._pipelines.kind import WorkerContext
from .._pipelines.ocr.backend import OcrBackendKind
from .._pipelines.ocr.registry import backend_kind
from .._pipelines.page_extract import extract_pages
from .._pipelines.page_text import PageText, TextSource
from .._pipelines.registry import kind_of
from .._records.codec import RecordError
from .._records.comparison import BackendRun, Reading, Sample, readings_to_jsonl
from .._records.names import comparison_readings_uri, comparison_run_uri, require_label
from .._runner.config import own_secrets
from .._runner.host.control import supervisor_for
from .._runner.host.lock import take_lock
from .._runner.layout import Layout
from .._runner.masking import masked
from .._runner.worker.log import TAIL_BYTES
from .._runner.worker.process import last_line
from .._s3.connection import Connection
from .._s3.objects import put_bytes, read_bytes_if_exists

# Imported so that it travels with the modules, which start it by its name.
from . import worker
from .sample import Comparison, fetch_pages, make_sample, read_sample

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Loading models from a cold disk takes minutes, and a server's start.
_READY_SECONDS = 900.0


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """One backend, and how it is to work.

    Attributes:
        comparison: see there.
        name: of the backend in this comparison.
        backend: of the registry.
        backend_options: its own.
        shard: of the node, whose supervisor must not work meanwhile.
        node: name of this machine.
        workdir: absolute path of the folder of the real run; this has ``compare`` in it.
        slots: the node's GPUs; the first one is used.
        workers_per_gpu: that share it; 0 leaves it to the backend.
        timeout_base: seconds that a call may take, and ``timeout_per_page`` on top for each of its pages.
        timeout_per_page: see ``timeout_base``.
        price_per_hour: of the node in USD.
        requester_pays: whether requests for documents say that they are on this account's bill.
        again: compare it once more where it was done.

    Raises:
        FarmError: one of them makes no sense.
    """

    comparison: Comparison
    name: str
    backend: str
    backend_options: dict[str, Any] = field(default_factory=dict)
    shard: int
    node: str
    workdir: Path
    slots: tuple[str, ...]
    workers_per_gpu: int = 0
    timeout_base: float = 300.0
    timeout_per_page: float = 30.0
    price_per_hour: float = 0.0
    requester_pays: bool = False
    again: bool = False

    def __post_init__(self) -> None:
        require_label(self.name, "The name of a backend")
        if not self.slots:
            raise FarmError("slots is empty: give at least one, 0 for a machine without GPUs.")
        if self.timeout_base + self.timeout_per_page <= 0:
            raise FarmError("timeout_base and timeout_per_page are both 0: no page would have any time.")
        self.kind.check(self.backend_options)

    @property
    def kind(self) -> OcrBackendKind:
        """The backend as the farm knows it.

        Raises:
            FarmError: there is none of this name.
        """
        return backend_kind(self.backend)

    @property
    def folder(self) -> Path:
        """Where it has its files on this machine."""
        return self.workdir / "compare" / self.name

    @property
    def log(self) -> Path:
        """What its workers say."""
        return self.workdir / "compare" / f"{self.name}.log"

    @property
    def all_workers(self) -> int:
        """How many workers the node would have, with all of its GPUs."""
        return len(self.slots) * self.kind.workers_per_gpu(self.backend_options, self.workers_per_gpu)

    def empty_run(self, sample: Sample) -> BackendRun:
        """Return what is known before it has begun."""
        return BackendRun(
            backend=self.backend,
            options_hash=kind_of(self.backend).options_hash(self.backend_options),
            sample=sample.sha256,
            node=self.node,
            slot=self.slots[0],
            price_per_hour=self.price_per_hour,
            slots=len(self.slots),
        )


@dataclass(frozen=True)
class Compared:
    """What became of it.

    Attributes:
        changed: whether anything was done, or in check mode would be.
        run: how the backend did; ``None`` in check mode, where it was not done before.
        pages: of the comparison, 0 in check mode before there is a sample.
    """

    changed: bool
    run: BackendRun | None
    pages: int


def compare(options: RunOptions, connection: Connection, *, check_mode: bool) -> Compared:
    """Have the backend read the pages of the comparison, which are taken first where they were not; return how it did.

    A backend that was done on these pages with these options is not done again. One that cannot be compared, as it does
    not start or does not read the scan whose text is known, is no error here: the comparison says so of it.

    Raises:
        NotYetError: nothing was counted yet.
        S3Error: S3 could not be read or written.
        FarmError: the sample is another, or none can be taken; or this machine works on its shard, or compares already.
    """
    client = connection.client()
    sample = read_sample(client, options.comparison)
    done = _read_done(client, options, sample) if sample is not None and not options.again else None
    if sample is not None and done is not None:
        return Compared(False, done, len(sample.pages))
    if supervisor_for(Layout(options.workdir, options.shard)).is_running():
        raise FarmError(
            f"{options.node} works on shard {options.shard}, and backends are to be compared while nothing else is "
            "done there: stop it first (stop.yml), or compare on another node (--limit <node>,localhost)."
        )
    if check_mode:
        return Compared(True, None, len(sample.pages) if sample else 0)
    lock = _take_machine(options)
    try:
        return _compare(options, connection, client, sample)
    finally:
        os.close(lock)


def _take_machine(options: RunOptions) -> int:
    """Return the descriptor whose lock keeps a second comparison off this machine; nothing of an earlier one runs then.

    Raises:
        FarmError: another comparison has it, or the folder cannot be made.
    """
    path = options.folder.parent / "lock"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = take_lock(path)
    except OSError as error:
        raise FarmError(f"{options.node} cannot compare in {path.parent}: {error}.") from error
    if lock is None:
        raise FarmError(
            f"Another comparison is under way on {options.node}, and both would share the GPU: wait for it, or compare "
            "on another node (--limit <node>,localhost)."
        )
    # Of one that was interrupted, whichever backend it had: its server would keep the GPU's memory.
    for left in filter(Path.is_dir, path.parent.iterdir()):
        kill_owned(owner_name(left, options.shard))
    return lock


def _compare(options: RunOptions, connection: Connection, client: S3Client, sample: Sample | None) -> Compared:
    folder = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        if sample is None:
            inputs = _inputs(connection, options).client()
            sample = make_sample(client, inputs, options.comparison, folder)
        document = folder / "pages.pdf"
        fetch_pages(client, options.comparison, sample, document)
        run, readings = asyncio.run(_Run(options, sample, document).read())
    except (OSError, DocumentFailure) as error:
        raise FarmError(f"{options.node} cannot compare in {folder}: {error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    place = options.comparison.folder
    put_bytes(client, comparison_readings_uri(place, options.name), readings_to_jsonl(readings), "application/x-ndjson")
    # Last: whoever finds it finds the readings.
    put_bytes(client, comparison_run_uri(place, options.name), run.to_json(), "application/json")
    return Compared(True, run, len(sample.pages))


def _inputs(connection: Connection, options: RunOptions) -> Connection:
    return replace(connection, requester_pays=options.requester_pays)


def _read_done(client: S3Client, options: RunOptions, sample: Sample) -> BackendRun | None:
    """Return how the backend did where it was compared on these pages with these options, ``None`` otherwise."""
    uri = comparison_run_uri(options.comparison.folder, options.name)
    body = read_bytes_if_exists(client, uri)
    if body is None:
        return None
    try:
        found = BackendRun.from_json(body, str(uri))
    except RecordError:
        return None
    wanted = options.empty_run(sample)
    is_same = (found.backend, found.options_hash, found.sample) == (wanted.backend, wanted.options_hash, wanted.sample)
    return found if is_same and not found.problem else None


class _Unfit(Exception):  # noqa: N818 - named for what it says
    """The backend cannot be compared; the message says why."""


class _Run:
    """One backend's workers, from their start to their end.

    Args:
        options: see there.
        sample: the pages.
        document: the PDF of them.
    """

    def __init__(self, options: RunOptions, sample: Sample, document: Path) -> None:
        self._options = options
        self._sample = sample
        self._document = document
        self._owner = owner_name(options.folder, options.shard)
        self._calls = 0
        self._children: list[Child] = []

    async def read(self) -> tuple[BackendRun, list[Reading]]:
        """Return how the backend did, and what it read on each page; none where it cannot be compared."""
        options = self._options
        run = options.empty_run(self._sample)
        pages = len(self._sample.pages)
        each = options.kind.workers_per_gpu(options.backend_options, options.workers_per_gpu)
        shares = [range(first, pages + 1, each) for first in range(1, min(each, pages) + 1)]
        begin = time.monotonic()
        options.log.unlink(missing_ok=True)
        try:
            for slot in range(len(shares)):
                await self._start(slot)
            revision = (await asyncio.gather(*map(self._ready, self._children)))[0]
            run = replace(
                run, workers=len(self._children), revision=revision, start_seconds=round(time.monotonic() - begin, 3)
            )
            documents = [self._extract(numbers) for numbers in shares]
            begin = time.monotonic()
            read = await asyncio.gather(*map(self._read, self._children, shares, documents))
            run = replace(run, seconds=round(time.monotonic() - begin, 3))
        except (_Unfit, FarmError) as error:
            return replace(run, problem=str(error)), []
        finally:
            for child in self._children:
                await child.kill()
            # And a server with its keeper: the next backend is to have the GPU to itself.
            kill_owned(self._owner)
        readings = sorted((reading for share in read for reading in share), key=lambda reading: reading.number)
        return run, readings

    async def _start(self, slot: int) -> None:
        options = self._options
        folder = options.folder / f"slot_{slot}"
        (folder / "tmp").mkdir(mode=0o700, parents=True)
        context = WorkerContext(
            options.backend_options, options.all_workers, folder, options.comparison.folder, Connection()
        )
        # As workers of a supervisor have them (_runner/worker/context.py).
        own = {"CUDA_VISIBLE_DEVICES": options.slots[0], "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
        environment = library_environment() | own | options.kind.environment(context)
        with options.log.open("ab") as log:
            child = await Child.start(
                worker.__name__,
                stderr=log,
                environment=environment | {"TMPDIR": str(folder / "tmp")},
                folder=folder,
                owner=f"{self._owner}/{slot}",
            )
        self._children.append(child)
        await child.send(
            {
                "backend": options.backend,
                "options": options.backend_options,
                "workers": options.all_workers,
                "output": str(options.comparison.folder),
            }
        )

    async def _ready(self, child: Child) -> str:
        """Return the backend's revision once the worker can read.

        Raises:
            _Unfit: it cannot.
        """
        answer = await child.first_message(_READY_SECONDS)
        if is_ready(answer):
            return str(answer["ready"])
        if answer is not None:
            raise _Unfit(str(answer["problem"]))
        raise _Unfit(f"A worker ended or did not get ready. It said last: {self._last_words()}")

    async def _read(self, child: Child, numbers: Sequence[int], document: Path) -> list[Reading]:
        """Return what a worker reads on these pages, together; one by one where together none could be read.

        Args:
            child: the worker.
            numbers: of the pages in the sample.
            document: has these pages alone.

        Raises:
            _Unfit: its GPU cannot be used any more.
        """
        answer, texts = await self._ask(child, document, len(numbers))
        if "fault" in answer:
            raise _Unfit(answer["fault"])
        if "failure" in answer and len(numbers) > 1 and not child.ended:
            alone = [await self._read(child, [number], self._extract([number])) for number in numbers]
            return [reading for each in alone for reading in each]
        seconds = answer["seconds"] / len(numbers)
        why = answer.get("failure", "the backend gave the page up")
        return [
            _reading(number, texts.get(str(place)), why, seconds, len(numbers))
            for place, number in enumerate(numbers, start=1)
        ]

    def _extract(self, numbers: Sequence[int]) -> Path:
        """Return a PDF of these pages alone, in a folder of its own."""
        self._calls += 1
        folder = self._options.folder / f"call_{self._calls}"
        (folder / "files").mkdir(parents=True)
        document = folder / "pages.pdf"
        extract_pages(self._document, numbers, document)
        return document

    async def _ask(self, child: Child, document: Path, pages: int) -> tuple[dict[str, Any], dict[str, str]]:
        """Return a worker's answer, and the texts by the page's number in the document."""
        texts = document.with_name("texts.json")
        limit = self._options.timeout_base + self._options.timeout_per_page * pages
        files = str(document.with_name("files"))
        message = {"document": str(document), "pages": pages, "folder": files, "texts": str(texts)}
        begin = time.monotonic()
        try:
            answer = await child.ask(message, limit)
        except TimeoutError:
            await child.kill()
            return {"failure": f"not read after {limit:.0f} s, with {pages} pages", "seconds": limit}, {}
        if answer is None:
            await child.kill()
            why = f"the worker ended. It said last: {self._last_words()}"
            return {"failure": why, "seconds": time.monotonic() - begin}, {}
        return answer, json.loads(texts.read_bytes()) if texts.exists() else {}

    def _last_words(self) -> str:
        with suppress(OSError), self._options.log.open("rb") as log:
            log.seek(max(0, self._options.log.stat().st_size - TAIL_BYTES))
            return last_line(masked(log.read(), own_secrets()))
        return "nothing."


def _reading(number: int, text: str | None, why: str, seconds: float, together: int) -> Reading:
    seconds = round(seconds, 4)
    if text is None:
        return Reading(number, seconds=seconds, together=together, failure=why)
    # A model may write half of a surrogate pair, which no record has.
    text = text.encode("utf-8", "replace").decode()
    quality = PageText(text, TextSource.OCR, page=number).quality
    return Reading(number, text, quality.verdict.value, round(quality.score, 4), seconds, together)
