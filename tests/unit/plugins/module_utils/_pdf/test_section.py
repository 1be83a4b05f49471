# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries are computed from a table's rows and a stream's columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, TruncatedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.section import (
    Free,
    InFile,
    InStream,
    StreamSection,
    TableSection,
    parse_section,
)
from tests.unit.plugins.module_utils._pdf.pdf_files import stream, table

END = b" " * 80


def test_a_table_says_where_objects_are_and_which_are_free() -> None:
    section = parse_section(table({1: 17, 2: None, 9: 99}, b"/Size 10", 0), 0)
    assert [section.entry(number) for number in (1, 2, 3, 9)] == [InFile(17, 0), Free(), None, InFile(99, 0)]
    assert [section.next_offset(offset) for offset in (0, 16, 17, 98, 99)] == [17, 17, 99, 99, None]
    assert section.trailer == {b"Size": 10}


def test_a_table_cut_short_asks_for_what_is_missing() -> None:
    text = b"xref\n0 100\n" + b"0000000000 65535 f \n" * 10
    with pytest.raises(TruncatedError) as truncated:
        parse_section(text, 0)
    assert 90 * 20 <= truncated.value.missing <= 90 * 20 + 100


@pytest.mark.parametrize("row", [b"0000000009 00000 n\n", b"000000009 00000 n  \n", b"0000000009 00000 x \n"])
def test_a_malformed_table_is_doubted(row: bytes) -> None:
    with pytest.raises(InconsistentError):
        parse_section(b"xref\n0 2\n" + row * 2 + b"trailer\n<<>>" + END, 0).entry(1)


def test_a_malformed_row_gives_no_offset_and_leaves_the_others_good() -> None:
    section = parse_section(b"xref\n0 2\n00000000x9 00000 n \n0000000017 00000 n \ntrailer\n<<>>" + END, 0)
    assert [section.next_offset(offset) for offset in (0, 17, 1 << 40)] == [17, None, None]
    assert section.entry(1) == InFile(17, 0)
    with pytest.raises(InconsistentError, match="malformed rows"):
        section.entry(0)


def test_what_is_no_table_does_not_ask_for_what_its_count_promises() -> None:
    with pytest.raises(InconsistentError):
        parse_section(b"xref\n0 999999\n" + b"rubbish " * 9, 0)


def test_a_stream_says_where_objects_are_and_in_which_stream() -> None:
    rows = bytes([1, 0, 17, 0, 2, 0, 5, 3, 0, 0, 0, 0, 9, 0, 0, 0])
    body = stream(b"/Type/XRef/W[1 2 1]/Index[1 3 8 1]", rows)
    section = parse_section(b"5 0 obj\n" + body + b"\nendobj" + END, 0)
    assert [section.entry(number) for number in (1, 2, 3, 4, 8)] == [
        InFile(17, 0),
        InStream(5, 3),
        Free(),
        None,
        Free(),
    ]
    assert [section.next_offset(offset) for offset in (0, 17, 1 << 40)] == [17, None, None]


# Near to each other and far, below and above what the search for neighbours takes together.
OFFSETS = st.lists(st.integers(0, 300_000) | st.integers(0, 0xFFFFFF), unique=True, min_size=1, max_size=40)


@given(OFFSETS, st.data())
def test_the_next_object_is_the_nearest_behind(offsets: list[int], data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from(offsets) | st.integers(0, 0xFFFFFF))
    nearest = min((each for each in offsets if each > asked), default=None)
    for row in (b"%010d 00000 n \n", b"%010d 00001 n\r\n"):
        table_rows = b"".join([*(row % each for each in offsets), b"%010d 65535 f \n" % (asked + 1)])
        assert TableSection({}, [(0, table_rows)]).next_offset(asked) == nearest
    for kind in (0, 1, 2):
        # Of three bytes each, and one object in an object stream of that number, which is no offset.
        columns = [b"%b%b\0" % (bytes([0, 1][2 - kind :]), each.to_bytes(3, "big")) for each in offsets]
        compressed = [b"%b%b\0" % (bytes([0, 2][2 - kind :]), (asked + 1).to_bytes(4, "big")[1:])] if kind else []
        section = StreamSection({}, (kind, 3, 1), [(0, b"".join(columns + compressed))])
        assert section.next_offset(asked) == nearest


@pytest.mark.parametrize("dictionary", [b"/W[1 2 1]/Size 9", b"/W[1 2]/Size 1", b"/W[0 0 0]/Size 1", b"/Size 1"])
def test_a_malformed_stream_is_doubted(dictionary: bytes) -> None:
    with pytest.raises(InconsistentError):
        parse_section(b"5 0 obj\n" + stream(b"/Type/XRef" + dictionary, bytes(4)) + b"\nendobj" + END, 0)


def test_any_other_object_is_doubted() -> None:
    with pytest.raises(InconsistentError):
        parse_section(b"5 0 obj\n<</Type/Page>>\nendobj" + END, 0)
