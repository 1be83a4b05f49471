# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import (
    HEADER,
    CountRow,
    encode_row,
    read_table,
    table_lines,
    uri_of_row,
    write_table,
)

GOOD = CountRow("s3://b/a.pdf", 10, "e1", 3, "")
BAD = CountRow("s3://b/b.pdf", 11, "e2", None, "corrupt: no trailer")


def rows_of(text: str) -> list[CountRow]:
    return list(read_table(table_lines(text.encode())))


def test_a_table_has_the_fixed_header_and_one_line_a_row() -> None:
    assert write_table([GOOD, BAD]) == (
        b"uri,bytes,etag,pages,error\ns3://b/a.pdf,10,e1,3,\ns3://b/b.pdf,11,e2,,corrupt: no trailer\n"
    )


def test_sizes_may_be_left_out() -> None:
    row = CountRow("s3://b/a.pdf", None, "e1", 3, "")
    assert write_table([row]) == b"uri,bytes,etag,pages,error\ns3://b/a.pdf,,e1,3,\n"
    assert list(read_table(table_lines(write_table([row])))) == [row]


def test_only_what_must_be_quoted_is_quoted() -> None:
    row = CountRow('s3://b/a, "b".pdf', 1, "e", 1, "")
    assert write_table([row]).decode().splitlines()[1] == '"s3://b/a, ""b"".pdf",1,e,1,'


@pytest.mark.parametrize("uri", ["s3://b/a.pdf", 's3://b/"a", "b".pdf', "s3://b/line\nfeed, λ.pdf"])
def test_the_uri_of_a_line_is_the_row_s(uri: str) -> None:
    assert uri_of_row(encode_row(GOOD._replace(uri=uri, error='"x", y'))) == uri.encode()


@given(
    st.lists(
        st.builds(
            CountRow,
            uri=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda key: f"s3://b/{key}"),
            bytes=st.none() | st.integers(min_value=0),
            etag=st.text(alphabet="0123456789abcdef-"),
            pages=st.integers(min_value=1),
            error=st.sampled_from(["", "repaired: xref rebuilt"]),
        )
    )
)
def test_every_key_comes_back_as_it_was_written(rows: list[CountRow]) -> None:
    assert list(read_table(table_lines(write_table(rows)))) == rows


def test_a_key_that_is_not_utf8_comes_back_as_it_was_written() -> None:
    row = CountRow("s3://b/" + b"\xff.pdf".decode("utf-8", "surrogateescape"), 1, "e", 1, "")
    assert b"\xff.pdf" in write_table([row])
    assert list(read_table(table_lines(write_table([row])))) == [row]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "first line must be"),
        ("uri,pages\n", "first line must be"),
        (HEADER + "s3://b/a.pdf,1,e\n", "line 2: 3 fields"),
        (HEADER + "s3://b/a.pdf,1,e,three,\n", "line 2: pages is 'three'"),
        (HEADER + "s3://b/a.pdf,-1,e,3,\n", "line 2: bytes is '-1'"),
        (HEADER + "s3://b/a.pdf,1,e,,\n", "neither pages nor an error"),
        (HEADER + ",1,e,1,\n", "the uri is empty"),
        (HEADER + '"s3://b/a.pdf,1,e,1,\n', "line 2: "),
        (HEADER + "s3://b/a.pdf,1,e,1,\n\n", "line 3: 0 fields"),
    ],
)
def test_a_malformed_table_names_its_line(text: str, message: str) -> None:
    with pytest.raises(FarmError, match=message):
        rows_of(text)


def test_a_read_error_does_not_settle_a_document() -> None:
    assert GOOD.is_settled
    assert BAD.is_settled
    assert BAD.error_class == "corrupt"
    assert not CountRow("s3://b/c.pdf", 1, "e", None, "read_error: reset").is_settled
