# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects are parsed as ISO 32000-1, 7.3 has them, or doubted, or found to be cut short."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, TruncatedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.objects import (
    Name,
    PdfObject,
    Reference,
    parse_indirect_object,
    parse_object,
    stream_bytes,
)

DICTIONARY = b"<</Type /Pages%c\n/Kids[3 0 R 4 0 R]/Count 2/A(a\\)(b))/B<414 2>/C[true null -1.5 +7]/D<</E#20F 1>>>>"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"12 ", 12),
        (b"-.5 ", -0.5),
        (b"/A#42 ", Name(b"AB")),
        (b"/ ", Name(b"")),
        (b"12 0 R ", Reference(12, 0)),
        (b"[12 0 R12] ", None),
        (b"[1 2 3 0 R] ", [1, 2, Reference(3, 0)]),
        (b"%x\n null ", None),
        (
            DICTIONARY + b" ",
            {
                b"Type": Name(b"Pages"),
                b"Kids": [Reference(3, 0), Reference(4, 0)],
                b"Count": 2,
                b"A": b"",
                b"B": b"",
                b"C": [True, None, -1.5, 7],
                b"D": {b"E F": 1},
            },
        ),
    ],
)
def test_an_object_is_parsed(text: bytes, value: PdfObject) -> None:
    if value is None and b"null" not in text:
        with pytest.raises((InconsistentError, TruncatedError)):
            parse_object(text + b" " * 80, 0)
    else:
        assert parse_object(text, 0)[0] == value


@pytest.mark.parametrize("length", range(len(DICTIONARY) + 1))
def test_every_beginning_of_an_object_is_found_to_be_cut_short(length: int) -> None:
    with pytest.raises(TruncatedError):
        parse_object(DICTIONARY[:length], 0)


@pytest.mark.parametrize("text", [b"<</A 1 2>>", b"<<1 2>>", b"[1>>", b"]", b"<</A 1/A 2>>", b"[" * 100, b"endobj"])
def test_what_is_no_object_is_doubted(text: bytes) -> None:
    with pytest.raises(InconsistentError):
        parse_object(text + b" " * 80, 0)


def test_an_indirect_object_tells_where_its_stream_starts() -> None:
    text = b" 7 0 obj <</Length 3>> stream\r\nabc\nendstream endobj"
    found = parse_indirect_object(text, 0)
    assert (found.number, found.generation, found.value) == (7, 0, {b"Length": 3})
    assert found.stream_start is not None
    assert stream_bytes(text, found.stream_start, 3) == b"abc"
    with pytest.raises(InconsistentError):
        stream_bytes(text, found.stream_start, 1)
    with pytest.raises(TruncatedError):
        stream_bytes(text, found.stream_start, 100)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(text: bytes) -> None:
    with suppress(InconsistentError, TruncatedError):
        parse_object(text, 0)
    with suppress(InconsistentError, TruncatedError):
        parse_indirect_object(b"1 0 obj" + text, 0)
