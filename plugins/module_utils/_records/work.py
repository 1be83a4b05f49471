# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents of a page-count table are work, and why the others are not: for cutting and for the account alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import BinaryIO

from .._errors import FarmError
from .._files import disk_errors
from .._sorting import Sorter
from .facts import FactReader
from .page_count_lines import RowFields, blocks_of, fields_of, read_block, row_of
from .page_counts import HEADER, CountRow, decode_field, encode_row, uri_of_row
from .page_counts_source import rows_of

DUPLICATE = "duplicate"
TOO_SHORT = "too_short"
LINE_BREAK = "line_break"
NOT_UTF8 = "not_utf8"

_HEADER = HEADER.encode()
_BLOCK_BYTES = 128 << 10
_BATCH = 1000
_SCHEME = b"s3://"
# A byte of a line break or of what is no ASCII: such a uri is looked at more closely.
_ODD = re.compile(rb"[\n-\r\x1c-\x1e\x80-\xff]")


@dataclass(frozen=True)
class WorkRules:
    """Which rows are work.

    Attributes:
        skip_errors: leave out documents whose pages could not be counted, instead of taking them as 0 pages.
        min_pages: leave out documents known to have fewer pages.
    """

    skip_errors: bool = True
    min_pages: int = 1


# A document to process: its key, by which documents are sorted and results named; its uri; its pages, 0 where the count
# is unknown; and the digits of its size, empty where the table leaves it out. Key and uri are encoded as in the table.
# Not a named tuple: there is one of these for each of ten million documents.
Work = tuple[bytes, bytes, int, bytes]


class WorkTable:
    """The documents of a page-count table that are work, in the order of their keys, and how many are not.

    A row with a page count is used whatever its error says (``repaired`` counts are right); one without is left out
    by the class of its error, or taken with 0 pages where errors are not skipped. Equal rows count once.

    Args:
        table: opens the encoded table, whose rows are in any order.
        where: it came from.
        rules: which rows are work.
        went_by: is told how many rows were read since the call before.

    Attributes:
        skipped: rows that are no work, by reason; complete when :meth:`batches` has ended.
    """

    def __init__(
        self,
        table: Callable[[], BinaryIO],
        where: str,
        rules: WorkRules,
        went_by: Callable[[int], None] = lambda _rows: None,
    ) -> None:
        self._table = table
        self._where = where
        self._rules = rules
        self._went_by = went_by
        self.skipped: Counter[str] = Counter()

    def batches(self) -> Iterator[list[Work]]:
        """Yield the documents, some at a time; from the start again each time it is called.

        Raises:
            FarmError: a row is malformed, rows contradict each other, two documents would share their results, or
                the table must be sorted and there is no room for that on this machine.
        """
        self.skipped = Counter()
        if self._is_in_order():
            for encoded in self._blocks():
                rows = self._fields(encoded)
                self._went_by(len(rows))
                yield self._work(rows)
            return
        for rows in self._sorted():
            self._went_by(len(rows))
            work = self._work(list(self._distinct(rows)))
            _refuse_shared_keys(work)
            yield work

    def beside(self, *facts: FactReader) -> Iterator[tuple[list[Work], list[Mapping[bytes, bytes]]]]:
        """Yield the documents, some at a time, with what each kind of facts has of keys up to the last of them.

        Raises:
            FarmError: see :meth:`batches`.
        """
        for batch in filter(None, self.batches()):
            yield batch, [each.up_to(batch[-1][0]) for each in facts]

    def _is_in_order(self) -> bool:
        """Whether all rows are of one bucket, sorted, each uri once: as :func:`page_count` leaves them."""
        with self._table() as table:
            if table.read(len(_HEADER)) != _HEADER:
                return False
        last, bucket = b"", b""
        for encoded in self._blocks():
            block = read_block(encoded) if b'"' in encoded else None
            uris = block.uris if block else [line.partition(b",")[0] for line in encoded.splitlines()]
            bucket = bucket or b"/".join([*uris[0].split(b"/", 3)[:3], b""])
            if not (
                uris[0] > last
                and bucket.startswith(_SCHEME)
                and uris[0].startswith(bucket)
                and uris[-1].startswith(bucket)
                and all(map(lt, uris, islice(uris, 1, None)))
            ):
                return False
            last = uris[-1]
        return True

    def _blocks(self) -> Iterator[bytes]:
        with self._table() as table:
            table.seek(len(_HEADER))
            yield from blocks_of(table, _BLOCK_BYTES)

    def _fields(self, encoded: bytes) -> list[RowFields]:
        try:
            return fields_of(encoded)
        except FarmError:
            # Says which line of the whole table it is.
            for _batch in self._rows():
                pass
            raise

    def _rows(self) -> Iterator[list[CountRow]]:
        """Yield the rows as they are in the table."""
        rows = rows_of(self._table(), self._where)
        while batch := list(islice(rows, _BATCH)):
            yield batch

    def _sorted(self) -> Iterator[list[RowFields]]:
        """Yield the rows sorted by key, those of one key together."""
        sorter = Sorter(_key_of_line, _table_disk_errors)
        for rows in self._rows():
            for row in rows:
                _refuse_other_addresses(row.uri)
            sorter.add(map(encode_row, rows))
        for lines in sorter.sorted():
            yield sorted(fields_of(b"".join(lines)), key=lambda row: (_key(row[0]), row[0]))

    def _distinct(self, rows: Iterable[RowFields]) -> Iterator[RowFields]:
        previous: RowFields | None = None
        for row in rows:
            if previous is None or row[0] != previous[0]:
                yield row
            elif row == previous:
                self.skipped[DUPLICATE] += 1
            else:
                one, other = row_of(previous), row_of(row)
                raise FarmError(
                    f"The table has contradicting rows for {one.uri!r}: {_facts(one)} and {_facts(other)}. "
                    "Keep the right one, or count the pages again."
                )
            previous = row

    def _work(self, rows: Sequence[RowFields]) -> list[Work]:
        min_pages, skip_errors = self._rules.min_pages, self._rules.skip_errors
        # Not _key, which is called for each of ten million documents.
        scheme = len(_SCHEME)
        any_odd = _ODD.search(b"".join([row[0] for row in rows])) is not None
        work = []
        for uri, size, _etag, pages, error in rows:
            if pages:
                number = int(pages)
                reason = TOO_SHORT if number < min_pages else None
            else:
                number = 0
                reason = decode_field(error.partition(b":")[0]) if skip_errors else None
            if reason is None and any_odd:
                reason = _unlistable(uri)
            if reason is None:
                work.append((uri[uri.index(b"/", scheme) + 1 :], uri, number, size))
            else:
                self.skipped[reason] += 1
        return work


def _key(uri: bytes) -> bytes:
    return uri[uri.index(b"/", len(_SCHEME)) + 1 :]


def _key_of_line(line: bytes) -> bytes:
    return _key(uri_of_row(line))


def _refuse_other_addresses(uri: str) -> None:
    scheme, _, path = uri.partition("//")
    if scheme != "s3:" or "/" not in path:
        raise FarmError(f"The table has {uri!r}, which is not the s3://<bucket>/<key> of a document.")


def _facts(row: CountRow) -> str:
    return f"bytes={row.bytes} etag={row.etag} pages={row.pages} error={row.error!r}"


def _unlistable(encoded: bytes) -> str | None:
    try:
        uri = encoded.decode()
    except UnicodeDecodeError:
        uri = decode_field(encoded)
        return LINE_BREAK if uri.splitlines() != [uri] else NOT_UTF8
    # Lists have one uri a line: any character that some reader takes for a line's end would cut it.
    return LINE_BREAK if uri.splitlines() != [uri] else None


def _refuse_shared_keys(work: list[Work]) -> None:
    """Refuse documents of several buckets whose keys are the same.

    Results and markers are named by the key alone: one document would overwrite the other's, and be taken for
    finished with it.
    """
    previous = b""
    for key, uri, _pages, _size in work:
        if previous and key == _key(previous):
            raise FarmError(
                f"{decode_field(previous)!r} and {decode_field(uri)!r} have the same key, by which results are named, "
                "and would overwrite each other's: make a table for each bucket, and give each its own output and "
                "results prefix."
            )
        previous = uri


def _table_disk_errors(so_far: int) -> AbstractContextManager[None]:
    return disk_errors("the page counts sorted", f"a second copy of them, of which it has {so_far / 1e9:.1f} GB so far")
