# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm asks of an OCR backend: what reads pages on their pictures, for any pipeline."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ..kind import Kind, WorkerContext

# What a worker spends on opening the document, and at the end of a range where few pages are left, is little beside it.
RANGE_PAGES = 50


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


class OcrBackendKind(Kind):
    """An OCR backend."""

    @abstractmethod
    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker, its models loaded; called in the worker's process, once.

        Args:
            worker: with the backend's own options.

        Raises:
            GpuFault: the worker's GPU cannot be used: its slot is drained.
            FarmError: an option is wrong, or something is missing that the backend needs.
        """

    def range_pages(self, _options: dict[str, Any]) -> int:
        """Return how many pages of a document a worker is given at least, where several share it.

        Raises:
            FarmError: see :meth:`check`.
        """
        return RANGE_PAGES

    @abstractmethod
    def revision(self, _options: dict[str, Any]) -> str:
        """Return which version of the engine, and which models, are installed here; another one may read otherwise.

        Raises:
            FarmError: see :meth:`create`.
        """
