# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .._records.markers import Output
from .failures import DocumentFailure


@dataclass(frozen=True)
class Task:
    """One document for a pipeline.

    Attributes:
        uri: where it comes from.
        key: its key, by which results are named.
        pages: 0 where unknown.
        input: the local copy.
        folder: an empty folder for whatever processing it writes.
    """

    uri: str
    key: str
    pages: int
    input: Path
    folder: Path


@dataclass(frozen=True)
class Product:
    """What a pipeline made of one document, checked: fresh and not empty.

    Attributes:
        markdown: a local file to upload, ``None`` where the pipeline uploaded it itself.
        json: a local file to upload, ``None`` where there is none.
        uploaded: objects the pipeline uploaded itself.
    """

    markdown: Path | None = None
    json: Path | None = None
    uploaded: tuple[Output, ...] = ()


class WorkerUnfit(Exception):  # noqa: N818 - named for what the supervisor is told
    """The worker cannot work for a reason that is not the document's, such as a full disk."""


Outcome = Product | DocumentFailure | WorkerUnfit
