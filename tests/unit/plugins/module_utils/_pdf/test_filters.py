# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams of cross-references and objects are decoded, or doubted."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, UnsupportedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.filters import MAX_DECODED_BYTES, decode_stream
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.objects import Name, PdfDict

FLATE: PdfDict = {b"Filter": Name(b"FlateDecode")}


def predicted(columns: int) -> PdfDict:
    return {**FLATE, b"DecodeParms": {b"Predictor": 12, b"Columns": columns}}


def up(rows: list[bytes]) -> bytes:
    above = [bytes(len(rows[0])), *rows]
    return b"".join(
        b"\2" + bytes((new - old) % 256 for new, old in zip(row, before, strict=True))
        for before, row in zip(above, rows, strict=False)
    )


@given(st.lists(st.binary(min_size=4, max_size=4), min_size=1))
def test_rows_predicted_from_the_row_above_are_restored(rows: list[bytes]) -> None:
    assert decode_stream(predicted(4), zlib.compress(up(rows))) == b"".join(rows)


def test_rows_may_each_be_predicted_in_their_own_way() -> None:
    assert decode_stream(predicted(2), zlib.compress(b"\0\5\6\1\7\1\2\1\1")) == b"\5\6\7\x08\x08\x09"


def test_plain_and_compressed_streams_are_decoded() -> None:
    assert decode_stream({}, b"abc") == b"abc"
    assert decode_stream({b"Filter": [Name(b"FlateDecode")]}, zlib.compress(b"abc")) == b"abc"


def test_a_bomb_is_doubted() -> None:
    with pytest.raises(InconsistentError, match="too large"):
        decode_stream(FLATE, zlib.compress(bytes(MAX_DECODED_BYTES + 1)))


def test_damage_is_doubted() -> None:
    with pytest.raises(InconsistentError, match="damaged"):
        decode_stream(FLATE, b"no stream")


@pytest.mark.parametrize(
    "dictionary",
    [{b"Filter": Name(b"LZWDecode")}, {**FLATE, b"DecodeParms": {b"Predictor": 2}}, predicted(0)],
)
def test_what_only_an_engine_decodes_says_nothing_against_the_file(dictionary: PdfDict) -> None:
    with pytest.raises(UnsupportedError):
        decode_stream(dictionary, zlib.compress(b"\2ab"))
