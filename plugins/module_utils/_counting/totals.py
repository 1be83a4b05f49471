# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, for its log, its diff and its result."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from .._errors import FarmError
from .._records.page_counts import CountRow
from .._s3.uri import S3Uri


@dataclass(frozen=True)
class TableSummary:
    """How many documents and pages a table has, and how many of its documents have no page count."""

    documents: int
    pages: int
    errors: int

    @classmethod
    def of(cls, rows: Iterable[CountRow]) -> TableSummary:
        """Return the summary of ``rows``."""
        documents = pages = errors = 0
        for row in rows:
            documents += 1
            pages += row.pages or 0
            errors += row.pages is None
        return cls(documents, pages, errors)


def check_documents(source: S3Uri, listed: int, before: TableSummary | None, *, confirmed: bool) -> None:
    """Refuse a table of nothing, and one that has lost most of what the table before it has.

    A typo in a prefix or a bucket that was emptied looks like that, and the next cut would take it for the truth.

    Args:
        source: what was listed.
        listed: documents found there.
        before: of the table there is; ``None`` where there is none.
        confirmed: whether the operator has said that fewer are right.

    Raises:
        FarmError: there is no document, or fewer than half as many as before and nobody has confirmed that.
    """
    rows = before.documents if before else 0
    if not listed and not rows:
        raise FarmError(
            f"There is no document below {source}: no object there has a name that ends in .pdf. Look at bucket and "
            "prefix, and whether the documents were uploaded."
        )
    if 2 * listed < rows and not confirmed:
        raise FarmError(
            f"{listed} documents are below {source}, and the table there is has {rows}: it is left as it is, and so is "
            "what is cut by it. Look at bucket and prefix. Where so many documents are really gone, confirm it: "
            "confirm_fewer, in playbooks -e farm_confirm_fewer=true."
        )


@dataclass
class Progress:
    """A run's counters.

    Attributes:
        listed: documents found below the prefix so far.
        known: of these, how many an earlier run had settled.
        archived: of the listed, how many must be restored before they can be read.
        ignored: objects below the prefix that are no PDF by their name.
        counted: documents read in this run.
        errors: of these, how many have no page count.
    """

    listed: int = 0
    known: int = 0
    archived: int = 0
    ignored: int = 0
    counted: int = 0
    errors: int = 0
    requests: int = 0
    bytes_read: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Time since the run began."""
        return time.monotonic() - self.started

    def line(self) -> str:
        """Return where the run is, for a person to read."""
        rate = self.counted / max(self.seconds, 0.001)
        archived = f"{self.archived} archived, " if self.archived else ""
        return (
            f"counted {self.counted} of {self.listed} listed, {self.known} known, {archived}{self.errors} errors, "
            f"{rate:.0f}/s, {self.requests} requests, {self.bytes_read / 1e6:.1f} MB read, {self.seconds:.0f} s"
        )
