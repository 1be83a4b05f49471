# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges are asked for once, and only as long as a document may cost them."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.errors import InconsistentError, TruncatedError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import ByteRange
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.partial_file import (
    MAX_BYTES,
    MAX_RANGES,
    Buffer,
    PartialFile,
)

Answer = TypeVar("Answer")
CONTENT = bytes(range(256)) * 40


def drive(steps: Generator[ByteRange, bytes, Answer]) -> tuple[list[ByteRange], Answer]:
    asked = []
    try:
        wanted = next(steps)
        while True:
            asked.append(wanted)
            wanted = steps.send(CONTENT[wanted.start : wanted.end])
    except StopIteration as stop:
        return asked, stop.value


def fetch(file: PartialFile, start: int, end: int) -> list[ByteRange]:
    return drive(file.fetch(start, end))[0]


def test_only_what_is_missing_is_asked_for() -> None:
    file = PartialFile(len(CONTENT))
    assert fetch(file, 100, 200) == [ByteRange(100, 200)]
    assert fetch(file, 50, 300) == [ByteRange(50, 100), ByteRange(200, 300)]
    assert fetch(file, 60, 290) == []
    piece = file.held(150)
    assert piece == (CONTENT[50:300], 50)


def test_a_range_is_clipped_to_the_file() -> None:
    assert fetch(PartialFile(len(CONTENT)), -5, 10) == [ByteRange(0, 10)]
    assert fetch(PartialFile(len(CONTENT)), len(CONTENT) - 3, len(CONTENT) + 9)[0].end == len(CONTENT)


def test_the_rest_is_asked_for_where_most_would_be_read_anyway() -> None:
    file = PartialFile(len(CONTENT))
    fetch(file, 0, 4000)
    assert fetch(file, 6000, 8000) == [ByteRange(4000, len(CONTENT))]
    assert file.complete


def test_too_many_ranges_are_doubted() -> None:
    file = PartialFile(len(CONTENT))
    for index in range(MAX_RANGES):
        fetch(file, index * 20, index * 20 + 1)
    with pytest.raises(InconsistentError, match="requests"):
        fetch(file, 9000, 9001)


def test_too_many_bytes_are_doubted_before_they_are_asked_for() -> None:
    with pytest.raises(InconsistentError):
        next(PartialFile(10 * MAX_BYTES).fetch(0, MAX_BYTES + 1))


def test_a_short_answer_is_doubted() -> None:
    steps = PartialFile(100).fetch(0, 10)
    next(steps)
    with pytest.raises(InconsistentError, match="shorter"):
        steps.send(b"few")


def test_a_parser_gets_more_bytes_until_it_is_content() -> None:
    def take(buffer: Buffer, position: int) -> bytes:
        if len(buffer) - position < 2000:
            raise TruncatedError
        return buffer[position : position + 2000]

    file = PartialFile(len(CONTENT))
    asked, parsed = drive(file.parse(10, take, ahead=5))
    assert parsed == CONTENT[10:2010]
    assert asked[0] == ByteRange(10, 15)


def test_a_parser_that_meets_the_end_of_the_file_is_doubted() -> None:
    def insatiable(buffer: Buffer, position: int) -> bytes:
        raise TruncatedError(buffer[position])

    with pytest.raises(InconsistentError, match="ends inside"):
        next(PartialFile.whole(CONTENT).parse(3, insatiable))
    with pytest.raises(InconsistentError, match="outside"):
        next(PartialFile.whole(CONTENT).parse(len(CONTENT), insatiable))
