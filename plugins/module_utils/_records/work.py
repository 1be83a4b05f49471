# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents of a page-count table are work, and why the others are not: for cutting and for the account alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from operator import eq, itemgetter, lt
from typing import BinaryIO

from .._errors import FarmError
from .._files import disk_errors
from .._sorting import Sorter
from .facts import FactReader
from .page_count_lines import Columns, RowFields, blocks_of, columns_of, row_of, to_columns
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
# Ends a field where lines are compared: no key is known to have one, and it comes before all that one can have.
_FIELD_END = b"\0"
# A line break to str.splitlines that is none with any character before or behind it.
_LINE_BREAK = b"\x0b"


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
        self._pages = _Pages()
        self.skipped: Counter[str] = Counter()

    def batches(self) -> Iterator[list[Work]]:
        """Yield the documents, some at a time; from the start again each time it is called.

        Raises:
            FarmError: a row is malformed, rows contradict each other, two documents would share their results, or
                the table must be sorted and there is no room for that on this machine.
        """
        self.skipped = Counter()
        if self._is_in_order():
            last: RowFields | None = None
            for encoded in self._blocks():
                columns = self._columns(encoded)
                last = self._refuse_repeated(last, columns)
                self._went_by(len(columns[0]))
                yield self._work(columns, itemgetter(slice(_key_start(columns[0][0]), None)))
            return
        for rows in self._sorted():
            self._went_by(len(rows))
            work = self._work(to_columns(self._distinct(rows)), _key)
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
            if _FIELD_END in encoded:
                return False
            try:
                # Of two rows the one with the lesser uri is the lesser; of one uri they may be in this order, too.
                lines = (
                    list(map(_FIELD_END.join, zip(*columns_of(encoded), strict=True)))
                    if b'"' in encoded
                    else encoded.replace(b",", _FIELD_END).splitlines()
                )
            except FarmError:
                return False
            bucket = bucket or b"/".join([*lines[0].split(b"/", 3)[:3], b""])
            if not (
                lines[0] > last
                and bucket.startswith(_SCHEME)
                and _FIELD_END not in bucket
                and lines[0].startswith(bucket)
                and lines[-1].startswith(bucket)
                and all(map(lt, lines, islice(lines, 1, None)))
            ):
                return False
            last = lines[-1]
        return True

    def _blocks(self) -> Iterator[bytes]:
        with self._table() as table:
            table.seek(len(_HEADER))
            yield from blocks_of(table, _BLOCK_BYTES)

    def _columns(self, encoded: bytes) -> Columns:
        try:
            return columns_of(encoded)
        except FarmError:
            # Says which line of the whole table it is.
            for _batch in self._rows():
                pass
            raise

    def _refuse_repeated(self, last: RowFields | None, columns: Columns) -> RowFields:
        """Refuse a uri that comes twice, where rows are in order; return the last row."""
        uris = columns[0]
        if (last is not None and last[0] == uris[0]) or any(map(eq, uris, islice(uris, 1, None))):
            rows: list[RowFields] = list(zip(*columns, strict=True))
            for _row in self._distinct(rows if last is None else [last, *rows]):
                pass
        uri, size, etag, pages, error = columns
        return uri[-1], size[-1], etag[-1], pages[-1], error[-1]

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
            rows_of_keys = zip(*columns_of(b"".join(lines)), strict=True)
            yield sorted(rows_of_keys, key=lambda row: (_key(row[0]), row[0]))

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

    def _work(self, columns: Columns, key: Callable[[bytes], bytes]) -> list[Work]:
        """Return the documents of some rows; by column, as a step of Python for each of ten million rows takes long."""
        uris, sizes, _etags, digits, errors = columns
        numbers = list(map(self._pages.__getitem__, digits))
        work = zip(map(key, uris), uris, numbers, sizes, strict=True)
        listable = _are_listable(uris)
        if listable and b"" not in digits and min(numbers) >= self._rules.min_pages:
            return list(work)
        chosen = []
        for row, number, error in zip(work, digits, errors, strict=True):
            reason = self._reason(number, error)
            if reason is None and not listable:
                reason = _unlistable(row[1])
            if reason is None:
                chosen.append(row)
            else:
                self.skipped[reason] += 1
        return chosen

    def _reason(self, digits: bytes, error: bytes) -> str | None:
        """Return why a row is no work by its pages or error; ``None`` where it is some."""
        if digits:
            return TOO_SHORT if self._pages[digits] < self._rules.min_pages else None
        return decode_field(error.partition(b":")[0]) if self._rules.skip_errors else None


class _Pages(dict[bytes, int]):
    """Page counts by their digits: those of ten million documents are few."""

    def __missing__(self, digits: bytes) -> int:
        number = self[digits] = int(digits or 0)
        return number


def _key_start(uri: bytes) -> int:
    return uri.index(b"/", len(_SCHEME)) + 1


def _key(uri: bytes) -> bytes:
    return uri[_key_start(uri) :]


def _key_of_line(line: bytes) -> bytes:
    return _key(uri_of_row(line))


def _refuse_other_addresses(uri: str) -> None:
    scheme, _, path = uri.partition("//")
    if scheme != "s3:" or "/" not in path:
        raise FarmError(f"The table has {uri!r}, which is not the s3://<bucket>/<key> of a document.")


def _facts(row: CountRow) -> str:
    return f"bytes={row.bytes} etag={row.etag} pages={row.pages} error={row.error!r}"


def _are_listable(uris: Sequence[bytes]) -> bool:
    """Whether each can be a line of its own."""
    try:
        text = _LINE_BREAK.join((*uris, b"the end")).decode()
    except UnicodeDecodeError:
        return False
    return len(text.splitlines()) == len(uris) + 1


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
