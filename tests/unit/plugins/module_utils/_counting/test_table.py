# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._counting import table as module
from ansible_collections.glossapi.farm.plugins.module_utils._counting.sorting import RowSorter
from ansible_collections.glossapi.farm.plugins.module_utils._counting.table import SortedTable
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import TableSummary
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import (
    CountRow,
    encode_row,
    uri_of_row,
    write_table,
)
from tests.support.count_rows import rows

ROW = CountRow("s3://b/a.pdf", 1, "e", 3, "")


def file_of(content: bytes) -> TemporaryFile:
    file = TemporaryFile()
    file.write(content)
    return file


def lines_by_uri(found: Iterable[CountRow]) -> dict[bytes, list[bytes]]:
    lines: dict[bytes, list[bytes]] = {}
    for line in map(encode_row, found):
        lines.setdefault(uri_of_row(line), []).append(line)
    return lines


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK_BYTES", 60)
        patch.setattr(module, "_BLOCK_LINES", 2)
        patch.setattr(module, "_BLOCKS_IN_MEMORY", 2)
        yield


@given(st.lists(rows()))
def test_what_is_written_is_the_sorted_table_and_its_rows_are_found(found: list[CountRow]) -> None:
    sorter = RowSorter(bytes_in_memory=100)
    for line in map(encode_row, found):
        sorter.add([line])
    file, table = SortedTable.written(sorter.sorted())
    with file.open() as written:
        assert written.read() == write_table(sorted(found, key=lambda row: uri_of_row(encode_row(row))))
    assert table.summary == TableSummary.of(found)
    for uri, lines in lines_by_uri(found).items():
        assert list(table.lines_of(uri)) == lines
        assert table.lines_of(uri + b"0") == ()
    assert table.lines_of(b"") == ()


@given(st.lists(rows()), st.booleans(), st.sampled_from([b"\n", b"\r\n"]))
def test_a_table_there_is_need_not_be_sorted_or_written_by_us(
    found: list[CountRow], sort: bool, line_end: bytes
) -> None:
    if sort:
        found = sorted(found, key=lambda row: uri_of_row(encode_row(row)))
    written = write_table(found)
    if b"\r" not in written and written.count(b"\n") == len(found) + 1:
        written = written.replace(b"\n", line_end)
    table = SortedTable.of(file_of(written).open(), "it")
    assert table.summary == TableSummary.of(found)
    for uri, lines in lines_by_uri(found).items():
        assert list(table.lines_of(uri)) == lines


def test_a_sorted_table_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SortedTable, "written", None)
    found = [ROW._replace(uri=f"s3://b/{name}") for name in ('a, "b"', "a.pdf", "b", "c\nd", "e")]
    content = write_table(sorted(found, key=lambda row: uri_of_row(encode_row(row))))
    assert SortedTable.of(file_of(content).open(), "it").summary == TableSummary(5, 15, 0)


def test_a_malformed_table_is_named_with_its_line() -> None:
    lines = b"".join(encode_row(ROW._replace(uri=f"s3://b/{number}")) for number in range(9))
    file = file_of(b"uri,bytes,etag,pages,error\n" + lines + b"s3://b/x,1,e,many,\n")
    with pytest.raises(FarmError, match="the master: Malformed page count table, line 11: pages is 'many'"):
        SortedTable.of(file.open(), "the master")
