# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of a page-count table become work, and why the others do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from .._errors import FarmError
from .._records.document import Document, bucket_of, key_of
from .._records.page_counts import CountRow
from .options import CutOptions

DUPLICATE = "duplicate"
TOO_SHORT = "too_short"
LINE_BREAK = "line_break"
NOT_UTF8 = "not_utf8"
# In s3://<bucket>/<key>, at the least.
_SLASHES = 3
FINISHED = "finished"


@dataclass(frozen=True)
class Selection:
    """The documents to process, sorted by uri, and the number of rows left out by reason.

    ``len(documents) + sum(skipped.values())`` is the number of rows.
    """

    documents: list[Document]
    skipped: Counter[str]


def select(rows: Iterable[CountRow], options: CutOptions, finished: Container[str] = frozenset()) -> Selection:
    """Return the rows that are work.

    A row with a page count is used whatever its error says (``repaired`` counts are right); one
    without is left out by the class of its error, or assigned with 0 pages where errors are not skipped.

    Args:
        rows: in any order; equal rows count once.
        options: what to leave out.
        finished: keys of documents that are done or failed.

    Raises:
        FarmError: a uri is not one, rows contradict each other, or two documents would share their results.
    """
    skipped: Counter[str] = Counter()
    usable = []
    for row in _distinct(rows, skipped):
        _refuse_other_addresses(row.uri)
        reason = _unusable(row, options)
        if reason is None:
            usable.append(Document(row.uri, row.pages or 0, row.bytes))
        else:
            skipped[reason] += 1
    _refuse_shared_keys(usable)
    if not finished:
        return Selection(usable, skipped)
    pending = [document for document in usable if key_of(document.uri) not in finished]
    skipped[FINISHED] += len(usable) - len(pending)
    return Selection(pending, +skipped)


def _distinct(rows: Iterable[CountRow], skipped: Counter[str]) -> Iterator[CountRow]:
    """Yield each row once, by uri."""
    previous: CountRow | None = None
    for row in sorted(rows, key=attrgetter("uri")):
        if previous is None or row.uri != previous.uri:
            yield row
        elif row == previous:
            skipped[DUPLICATE] += 1
        else:
            raise FarmError(
                f"The table has contradicting rows for {row.uri!r}: {_facts(previous)} and {_facts(row)}. "
                "Keep the right one, or count the pages again."
            )
        previous = row


def _refuse_other_addresses(uri: str) -> None:
    if not uri.startswith("s3://") or uri.count("/") < _SLASHES:
        raise FarmError(f"The table has {uri!r}, which is not the s3://<bucket>/<key> of a document.")


def _facts(row: CountRow) -> str:
    return f"bytes={row.bytes} etag={row.etag} pages={row.pages} error={row.error!r}"


def _unusable(row: CountRow, options: CutOptions) -> str | None:
    if row.pages is None and options.skip_errors:
        return row.error_class
    if row.pages is not None and row.pages < options.min_pages:
        return TOO_SHORT
    return _unlistable(row.uri)


def _unlistable(uri: str) -> str | None:
    # Lists have one uri a line: any character that some reader takes for a line's end would cut it.
    if uri.splitlines() != [uri]:
        return LINE_BREAK
    try:
        uri.encode()
    except UnicodeEncodeError:
        return NOT_UTF8
    return None


def _refuse_shared_keys(documents: list[Document]) -> None:
    """Refuse documents of several buckets whose keys are the same.

    Results and markers are named by the key alone: one document would overwrite the other's, and
    be taken for finished with it.
    """
    if not documents or bucket_of(documents[0].uri) == bucket_of(documents[-1].uri):
        return  # sorted by uri: all are of one bucket
    by_key = sorted((key_of(document.uri), document.uri) for document in documents)
    for (key, uri), (next_key, next_uri) in pairwise(by_key):
        if key == next_key:
            raise FarmError(
                f"{uri!r} and {next_uri!r} have the same key, by which results are named, and would overwrite each "
                "other's: make a table for each bucket, and give each its own output and results prefix."
            )
