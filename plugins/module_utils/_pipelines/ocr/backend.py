# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm asks of an OCR backend: what reads pages on their pictures, for any pipeline."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ..kind import GpuNeed, WorkerContext


class OcrBackend(Protocol):
    """A recogniser, its models loaded once in each worker and used for many documents."""

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        """Return the text of each page; empty where nothing was recognised on it.

        A page that it gave up, such as one that took too long, is not among them: it need not be blank.

        Args:
            document: a PDF.
            pages: their numbers, from 1.
            folder: an empty one for its files.

        Raises:
            DocumentFailure: the document cannot be read.
            GpuFault: the GPU cannot be used any more.
        """
        ...


class OcrBackendKind(ABC):
    """An OCR backend as the farm knows it, on every machine.

    It is made when the registry is imported, also where nothing is installed that the backend needs. So its module
    imports the standard library and this collection alone; :meth:`create` and :meth:`revision` import the rest.

    Attributes:
        name: by which operators choose it, and which is recorded.
        summary: what it does, as a sentence that begins with its name; for the documentation.
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

    @abstractmethod
    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker, its models loaded; called in the worker's process, once.

        Args:
            worker: with the backend's own options.

        Raises:
            GpuFault: the worker's GPU cannot be used: its slot is drained.
            FarmError: an option is wrong, or something is missing that the backend needs.
        """

    @abstractmethod
    def revision(self, options: dict[str, Any]) -> str:
        """Return which version of the engine, and which models, are installed here; another one may read otherwise.

        Raises:
            FarmError: see :meth:`create`.
        """

    def weights_digest(self, _options: dict[str, Any]) -> str:
        """Return the digest of the list of weights that it loads; empty where they are not pinned, or it has none.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ""

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

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options that change what is read, defaults filled in.

        Raises:
            FarmError: see :meth:`check`.
        """
        return options
