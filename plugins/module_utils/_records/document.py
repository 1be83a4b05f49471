# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document of the collection: as a shard lists it, and how it ended."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Document(NamedTuple):
    """One row of ``shard_<n>.csv``.

    Attributes:
        uri: ``s3://<bucket>/<key>``.
        pages: 0 where the count is unknown.
        bytes: the object's size, ``None`` where the table leaves it out.
    """

    uri: str
    pages: int
    bytes: int | None


class DocumentState(Enum):
    """What the latest marker of a document says; one without a marker is pending at the first stage."""

    DONE = "done"
    FAILED = "failed"
    FORWARDED = "forwarded"
    """Its text layer is no text: it is pending at stage ``ocr``."""


def key_of(uri: str) -> str:
    """Return the key in ``s3://<bucket>/<key>``, by which results and markers are named."""
    return uri.split("/", 3)[3]
