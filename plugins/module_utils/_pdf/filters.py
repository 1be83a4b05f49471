# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decode the streams that hold cross-references and objects (ISO 32000-1, 7.4)."""

from __future__ import annotations

import sys
import zlib
from array import array
from itertools import accumulate

from .errors import InconsistentError, UnsupportedError
from .objects import PdfDict, PdfObject

# 100 objects of a page tree take some 10 KB; 1e6 cross-reference entries 8 MB.
MAX_DECODED_BYTES = 16 << 20
_NO_PREDICTOR, _FIRST_PNG_PREDICTOR = 1, 10
_PNG_UP = 2
_LOWEST_OF_EIGHT = 0 if sys.byteorder == "little" else 7


def decode_stream(dictionary: PdfDict, raw: bytes) -> bytes:
    """Return the decoded bytes of a stream.

    Raises:
        UnsupportedError: it uses a filter that such streams practically never have, or decodes to more than
            ``MAX_DECODED_BYTES``.
        InconsistentError: it is damaged.
    """
    name = _only(dictionary.get(b"Filter"))
    if name is None:
        return raw
    if name != b"FlateDecode":
        raise UnsupportedError("a stream of the cross-reference has an unusual filter")
    content = _inflate(raw)
    parameters = _only(dictionary.get(b"DecodeParms"))
    if parameters is None:
        return content
    if not isinstance(parameters, dict):
        raise UnsupportedError("a stream's decode parameters are indirect")
    predictor = _number(parameters, b"Predictor", _NO_PREDICTOR)
    if predictor == _NO_PREDICTOR:
        return content
    one_byte_samples = _number(parameters, b"Colors", 1) == 1 and _number(parameters, b"BitsPerComponent", 8) == 8
    columns = _number(parameters, b"Columns", 1)
    if predictor < _FIRST_PNG_PREDICTOR or not one_byte_samples or not 1 <= columns <= 64:
        raise UnsupportedError("a stream of the cross-reference has an unusual predictor")
    return _undo_png(content, columns)


def _only(value: PdfObject) -> PdfObject:
    if isinstance(value, list):
        if len(value) > 1:
            raise UnsupportedError("a stream of the cross-reference has several filters")
        return value[0] if value else None
    return value


def _number(parameters: PdfDict, key: bytes, default: int) -> int:
    value = parameters.get(key, default)
    if not isinstance(value, int):
        raise UnsupportedError("a stream's decode parameters are indirect")
    return value


def _inflate(raw: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        content = decompressor.decompress(raw, MAX_DECODED_BYTES)
    except zlib.error as error:
        raise InconsistentError("a compressed stream is damaged") from error
    # One that lacks only its checksum is common; what is really cut short misses objects or rows.
    if decompressor.unconsumed_tail:
        raise UnsupportedError("a compressed stream is too large")
    return content


def _undo_png(content: bytes, columns: int) -> bytes:
    stride = columns + 1
    tags = content[::stride]
    if len(content) % stride:
        raise InconsistentError("the rows of a predicted stream are uneven")
    if tags.count(_PNG_UP) == len(tags):
        result = bytearray(len(tags) * columns)
        for column in range(columns):
            sums = array("Q", accumulate(content[column + 1 :: stride]))
            # The lowest byte of each.
            result[column::columns] = sums.tobytes()[_LOWEST_OF_EIGHT::8]
        return bytes(result)
    return _undo_png_by_row(content, columns)


def _undo_png_by_row(content: bytes, columns: int) -> bytes:
    stride = columns + 1
    rows = []
    above = bytes(columns)
    for start in range(0, len(content), stride):
        row = content[start + 1 : start + stride]
        match content[start]:
            case 0:
                above = row
            case 1:
                above = bytes(map((255).__and__, accumulate(row)))
            case 2:
                above = bytes((new + old) & 255 for new, old in zip(row, above, strict=True))
            case _:
                raise UnsupportedError("a stream of the cross-reference has an unusual predictor")
        rows.append(above)
    return b"".join(rows)
