# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._records.page_count_lines import (
    Block,
    blocks_of,
    count_pages,
    read_block,
    rows_of_lines,
    split_lines,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, encode_row, uri_of_row
from tests.support.count_rows import rows


@given(st.lists(rows()))
def test_a_block_has_the_rows_that_were_encoded(found: list[CountRow]) -> None:
    lines = list(map(encode_row, found))
    block = read_block(b"".join(lines))
    assert block == Block(
        list(map(uri_of_row, lines)),
        lines,
        sum(row.pages or 0 for row in found),
        sum(row.pages is None for row in found),
    )
    assert list(split_lines(b"".join(lines))) == lines
    assert rows_of_lines(lines) == found
    assert count_pages(lines) == block[2:]


@pytest.mark.parametrize(
    "encoded",
    [
        b"s3://b/a,1,e,3,",
        b"s3://b/a,1,e,3,\r\n",
        b"s3://b/a,01,e,3,\n",
        b"s3://b/a,1,e,03,\n",
        b"s3://b/a,1,e,,\n",
        b"s3://b/a,x,e,3,\n",
        b"s3://b/a,1,e\n",
        b"s3://b/a,1,e,3,,\n",
        b",1,e,3,\n",
        b"\n",
        b'"s3://b/a",1,e,3,\n',
        b'"s3://b/a,1,e,3,\n',
        b'"s3://b/a,b",1,e,3,',
        b's3://b/a"",1,e,3,\n',
        b'"s3://b/a\nb",01,e,3,\n',
        b's3://b/a,1,e,3,\n"s3://b/b,",1,e,three,\n',
    ],
)
def test_what_no_row_was_encoded_to_is_none(encoded: bytes) -> None:
    assert read_block(encoded) is None
    assert read_block(encode_row(CountRow("s3://b/0", 1, "e", 1, "")) + encoded) is None


@given(st.lists(rows()), st.integers(min_value=1, max_value=100))
def test_blocks_end_where_rows_do(found: list[CountRow], size: int) -> None:
    encoded = b"".join(map(encode_row, found))
    blocks = list(blocks_of(io.BytesIO(encoded), size))
    assert b"".join(blocks) == encoded
    assert [row for block in blocks for row in rows_of_lines([block])] == found
    assert all(blocks)


def test_what_follows_the_last_row_is_a_block_too() -> None:
    assert list(blocks_of(io.BytesIO(b"a,\nb,"), 100)) == [b"a,\n", b"b,"]
