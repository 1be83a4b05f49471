# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cut came to: numbers for programs, and notes for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .._errors import NotYetError
from .._s3.errors import MissingError
from .._s3.objects import read_bytes
from .._s3.uri import S3Uri
from .codec import UnreadableRecordError, decode, encode
from .work import WorkRules

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class ShardSummary:
    """One shard; ``share`` is its part of all shards' pages, from 0 to 1."""

    shard: int = 0
    weight: float = 1.0
    documents: int = 0
    pages: int = 0
    bytes: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Totals:
    """The table's ``rows``, and what the shards have together."""

    rows: int = 0
    documents: int = 0
    pages: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Summary:
    """A cut in numbers.

    Attributes:
        skipped: rows that are in no shard, by reason; with ``totals.documents`` they make ``totals.rows``.
        imbalance: the slowest shard's time over the ideal one, weights considered; 1.0 is perfect. ``None`` of pieces.
        imbalance_lower_bound: what no other assignment of these documents can be below.
        notes: sentences an operator should read.
        counts: the table it was made from, an ``s3://`` address or a path; empty where a version before 1.1 made it.
        skip_errors: which of its rows are work, see :class:`WorkRules`; ``min_pages`` likewise.
        failed_documents: of all shards, that had failed before; ``failed_pages`` their pages.
        piece_pages: most pages of a shard, where these are pieces that nodes take from a queue, one after the other; 0
            where they are one for each node.
    """

    shards: tuple[ShardSummary, ...] = ()
    totals: Totals = Totals()
    skipped: dict[str, int] = field(default_factory=dict)
    imbalance: float | None = None
    imbalance_lower_bound: float | None = None
    notes: tuple[str, ...] = ()
    counts: str = ""
    skip_errors: bool = True
    min_pages: int = 1
    failed_documents: int = 0
    failed_pages: int = 0
    piece_pages: int = 0

    @property
    def rules(self) -> WorkRules:
        """Which rows of the table are work."""
        return WorkRules(self.skip_errors, self.min_pages)

    @property
    def shard_numbers(self) -> tuple[int, ...]:
        """The numbers of the cut's shards."""
        return tuple(shard.shard for shard in self.shards)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dictionaries and numbers."""
        fields = asdict(self)
        return fields | {"shards": list(fields["shards"]), "notes": list(fields["notes"])}

    def to_json(self, emptied: Sequence[int]) -> bytes:
        """Return the summary's object body.

        Args:
            emptied: numbers of an earlier cut's shards that this cut has no more.
        """
        return encode(self.to_dict() | {"emptied": list(emptied)}, indent=2)

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Summary:
        """Return the summary whose object body is ``body``, found at ``where``.

        Raises:
            UnreadableRecordError: it is something else, or has no shard: no account can be made over it.
            LaterSchemaError: see :func:`decode`.
        """
        try:
            summary = decode(body, cls, "the summary of a cut", where)
            if not summary.shards or not all(summary.shard_numbers):
                raise UnreadableRecordError(f"{where} is not the summary of a cut: it lists no shard.")
        except UnreadableRecordError as error:
            raise UnreadableRecordError(f"{error} Cut the shards again (shard_manifest).") from error
        return summary


def read_summary(client: S3Client, shards: S3Uri, name: str) -> Summary:
    """Return the summary called ``name`` of the cut at ``shards``.

    Raises:
        NotYetError: there is none.
        FarmError: see :meth:`Summary.from_json`.
        S3Error: it could not be read.
    """
    uri = shards.join(name)
    try:
        return Summary.from_json(read_bytes(client, uri), str(uri))
    except MissingError as error:
        raise NotYetError(f"There is no summary at {uri}: cut the shards first (shard_manifest).") from error
