# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm asks of a kind of pipeline; ``docs/extending.md`` has the steps to add one."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, final, runtime_checkable

from .._records.stage import Stage
from .clock import DocumentClock

if TYPE_CHECKING:
    from .._s3.connection import Connection
    from .._s3.uri import S3Uri
    from .task import Product, Recognised, Task


class Pipeline(Protocol):
    """A way to process documents, made once in each worker and used for many."""

    def process(self, task: Task) -> Product:
        """Process one document.

        Anything else that it raises fails the document too, as ``pipeline``; only a full disk does not.

        Raises:
            DocumentFailure: this document cannot be processed.
            GpuFault: the GPU cannot be used any more.
        """
        ...


@runtime_checkable
class DividingPipeline(Pipeline, Protocol):
    """One whose documents several workers recognise, each some of the pages; one then composes them."""

    def recognise(self, task: Task) -> Recognised:
        """Recognise the pages of the task's part, and leave in its folder what :meth:`process` makes the document of.

        Raises:
            DocumentFailure: see :meth:`process`.
            GpuFault: see :meth:`process`.
        """
        ...


class GpuNeed(Enum):
    """Whether a slot is a GPU."""

    NEVER = "never"
    PERHAPS = "perhaps"
    ALWAYS = "always"


@dataclass(frozen=True)
class WorkerContext:
    """The worker that a pipeline is made for.

    Attributes:
        options: the pipeline's.
        workers: how many share the machine, itself included.
        folder: its own, in which it runs.
        output: the prefix of its shard's results.
        connection: how to reach S3.
        clock: of the document in work.
    """

    options: dict[str, Any]
    workers: int
    folder: Path
    output: S3Uri
    connection: Connection
    clock: DocumentClock = field(default_factory=DocumentClock)


class Kind(ABC):
    """A pipeline or an OCR backend as the farm knows it, on every machine: in modules, supervisors and workers.

    A kind is made when the registry is imported, also where nothing is installed that it needs. So its module imports
    the standard library and this collection alone; what creates it and :meth:`revision` import the rest.

    Attributes:
        name: by which operators choose it, and which markers carry.
        summary: what it does, as a sentence that begins with its name; for the modules' documentation.
        options_help: its options, in paragraphs; likewise.
    """

    name: str
    summary: str
    options_help: str

    @abstractmethod
    def check(self, options: dict[str, Any]) -> None:
        """Check the options, before anything starts.

        Raises:
            FarmError: one is unknown, missing or wrong.
        """

    def environment(self, _worker: WorkerContext) -> dict[str, str]:
        """Return variables that libraries read when they are loaded; the worker starts with them.

        Raises:
            FarmError: see :meth:`check`.
        """
        return {}

    def gpu_need(self, _options: dict[str, Any]) -> GpuNeed:
        """Return whether its slots are GPUs, whose health is to be watched.

        Raises:
            FarmError: see :meth:`check`.
        """
        return GpuNeed.NEVER

    def minimum_driver(self, _options: dict[str, Any]) -> str:
        """Return the least version of NVIDIA's driver for what it brings along of CUDA; empty where any will do.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ""

    def workers_per_gpu(self, options: dict[str, Any], wanted: int) -> int:
        """Return how many of its workers share a GPU, or what stands for one where it runs without.

        One whose worker fills a GPU by itself, as with a server of its own, says 1 whatever is wanted.

        Args:
            options: its own.
            wanted: by the operator; 0 leaves it to the pipeline.

        Raises:
            FarmError: see :meth:`check`.
        """
        return 1 if self.gpu_need(options) is GpuNeed.NEVER else wanted or 1

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options that change what comes out; with others, a finished document is not stale.

        Raises:
            FarmError: see :meth:`check`.
        """
        return options

    def weights_digest(self, _options: dict[str, Any]) -> str:
        """Return the digest of the list of weights that it loads; empty where they are not pinned, or it has none.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ""

    def revision(self, _options: dict[str, Any]) -> str:
        """Return which version of it is installed here, such as a commit; empty where it has none of its own.

        Raises:
            FarmError: it is not installed.
        """
        return ""


class PipelineKind(Kind):
    """A pipeline; ``stage`` is the one at which it works."""

    stage: Stage = Stage.TEXT

    @abstractmethod
    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker, its models loaded; called in the worker's process, once.

        Raises:
            GpuFault: the worker's GPU cannot be used: its slot is drained.
            FarmError: an option is wrong, or what is installed does not do what is asked for.
            ImportError: something is not installed.
        """

    def range_pages(self, _options: dict[str, Any]) -> int:
        """Return how many pages of a document a worker is given at least, where several share it; 0 where none does.

        Ranges have so many pages or a multiple, but for the last. Its pipelines are of :class:`DividingPipeline`.

        Raises:
            FarmError: see :meth:`check`.
        """
        return 0

    def recognises(self, _options: dict[str, Any]) -> bool:
        """Return whether it has to read scans: a trial then has one for it, and else a page with a text layer.

        Raises:
            FarmError: see :meth:`check`.
        """
        return False

    def makes_text(self, _options: dict[str, Any]) -> bool:
        """Return whether what comes out is text in a language, so that it can be judged and a trial's page compared.

        Raises:
            FarmError: see :meth:`check`.
        """
        return True

    def uploads_itself(self, _options: dict[str, Any]) -> bool:
        """Return whether it puts outputs below its shard's prefix itself, so that no other shard's node may do it.

        Raises:
            FarmError: see :meth:`check`.
        """
        return False

    @final
    def options_hash(self, options: dict[str, Any]) -> str:
        """Return the SHA-256 of its name and the options that change what comes out, in hexadecimal.

        Raises:
            FarmError: see :meth:`output_options`.
        """
        content = [self.name, self.output_options(options)]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()
