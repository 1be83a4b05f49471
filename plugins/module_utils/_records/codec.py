# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How records are stored: JSON objects that earlier and later versions of the collection can read.

Each has the number of its schema. A field that this version does not know is ignored, and one that is missing has its
default; so a version may add fields. Only a change that would mislead earlier versions raises the number, and they
then refuse the record.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any, TypeVar

from .._errors import FarmError

SCHEMA = 1
# A time, in seconds since the epoch, that a record does not tell; none that it tells is below 0.
UNKNOWN_TIME = -1.0

_LEARNT: set[type[Any]] = set()
_LEARNING = threading.Lock()

RecordT = TypeVar("RecordT")


class RecordError(FarmError):
    """A stored object cannot be read as the record that belongs there."""


class UnreadableRecordError(RecordError):
    """It is something else, or only part of one."""


class LaterSchemaError(RecordError):
    """A later version of the collection wrote it."""


def encode(fields: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    """Return the stored form of a record's fields."""
    stored = {"schema": SCHEMA, **fields}
    return json.dumps(stored, ensure_ascii=False, sort_keys=True, indent=indent).encode() + b"\n"


def decode(
    body: bytes, record: type[RecordT], name: str, where: str, renamed: Mapping[str, str] | None = None
) -> RecordT:
    """Return the record whose stored form is ``body``.

    Args:
        body: the object's content.
        record: a dataclass; a field without a default must be there.
        name: of the record for people, as in "a marker".
        where: its address, for messages.
        renamed: the field for each stored name that is another.

    Raises:
        UnreadableRecordError: the content is no such record.
        LaterSchemaError: a later version of the collection wrote it.
    """
    try:
        fields = json.loads(body, parse_constant=_refuse_constant)
        # Half a character, as "\\ud800", is no text that can be kept or shown.
        json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnreadableRecordError(f"{where} is not {name} ({error}).") from error
    if not isinstance(fields, dict):
        raise UnreadableRecordError(f"{where} is not {name}: it holds no JSON object.")
    schema = fields.get("schema", SCHEMA)
    if not isinstance(schema, int) or schema > SCHEMA:
        raise LaterSchemaError(
            f"{where} was written by a later version of the collection (schema {schema}, this one reads {SCHEMA}): "
            "update the collection."
        )
    for stored, field in (renamed or {}).items():
        if stored in fields:
            fields[field] = fields.pop(stored)
    return convert(fields, record, name, where)


def _refuse_constant(constant: str) -> None:
    # Infinity and NaN, which JSON does not have, would compare with no bound.
    raise ValueError(f"{constant} is no number")


def convert(value: Any, kind: type[RecordT], name: str, where: str) -> RecordT:
    """Return a value of JSON as the type it is to be, a part of the record called ``name``.

    Raises:
        UnreadableRecordError: it is of another type.
    """
    import msgspec

    _learn(kind)
    try:
        converted: RecordT = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise UnreadableRecordError(f"{where} is not {name} ({error}).") from error
    return converted


def _learn(kind: type[Any]) -> None:
    """Have msgspec look at the type, once and in one thread.

    A thread that met a type which another had only half looked at would crash the process (msgspec 0.22).
    """
    import msgspec

    if kind not in _LEARNT:
        with _LEARNING:
            msgspec.json.Decoder(kind)
            _LEARNT.add(kind)
