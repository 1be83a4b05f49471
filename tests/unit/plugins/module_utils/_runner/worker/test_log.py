# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import io
import os

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.log import (
    TAIL_BYTES,
    WorkerLog,
)


async def say(log: WorkerLog, *texts: bytes) -> bytes:
    descriptor = await log.open()
    try:
        for text in texts:
            os.write(descriptor, text)
            await asyncio.sleep(0)
        return await log.tail()
    finally:
        os.close(descriptor)


def test_what_is_said_is_passed_on_and_its_end_kept() -> None:
    sink = io.BytesIO()
    log = WorkerLog(sink=sink)
    assert asyncio.run(say(log, b"one\n", b"two\n")) == b"one\ntwo\n"
    assert sink.getvalue() == b"one\ntwo\n"
    log.begin()
    assert asyncio.run(say(log, b"three\n")) == b"three\n"


def test_of_a_flood_only_the_end_is_kept_and_only_the_beginning_passed_on() -> None:
    sink = io.BytesIO()
    log = WorkerLog(sink=sink)
    for number in range(100):
        log.data_received(b"%05d" % number + b"x" * 65_531)
    assert len(asyncio.run(log.tail())) == TAIL_BYTES
    assert sink.getvalue().startswith(b"00000")
    assert b"says more than fits" in sink.getvalue()
    assert len(sink.getvalue()) < 1_100_000
    log.begin()
    log.data_received(b"of the next document\n")
    assert sink.getvalue().endswith(b"of the next document\n")


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.slow), 3, 7, 1000, 100_000])
@pytest.mark.parametrize("lines", [True, False])
def test_a_secret_and_a_control_character_are_nowhere_however_they_come(size: int, lines: bool) -> None:
    sink = io.BytesIO()
    log = WorkerLog(["abc+/d"], sink)
    said = b"".join(b"%d key=abc+/d \x1b[2J" % number + (b"\n" if lines else b"") for number in range(1800))
    for start in range(0, len(said), size):
        log.data_received(said[start : start + size])
    tail = asyncio.run(log.tail())
    for text in (sink.getvalue(), tail):
        assert b"abc+/d" not in text
        assert b"\x1b" not in text
    assert sink.getvalue() == said.replace(b"abc+/d", b"***").replace(b"\x1b", b"\\x1b")
    assert sink.getvalue().endswith(tail)


def test_a_line_without_an_end_is_of_the_document_that_it_is_said_of() -> None:
    sink = io.BytesIO()
    log = WorkerLog(sink=sink)
    log.data_received(b"of the first")
    log.begin()
    log.data_received(b"of the second")
    assert asyncio.run(log.tail()) == b"of the second"
    assert sink.getvalue() == b"of the firstof the second"
    log.data_received(b", ended")
    log.connection_lost(None)
    assert sink.getvalue().endswith(b", ended")


def test_an_end_takes_what_was_said_last_and_leaves_no_pipe_whoever_still_holds_it() -> None:
    sink = io.BytesIO()
    log = WorkerLog(sink=sink)

    async def hold_on() -> None:
        descriptor = await log.open()
        try:
            os.write(descriptor, b"last words")
            await log.close()
            await log.close()
            with pytest.raises(BrokenPipeError):
                os.write(descriptor, b"to nobody")
        finally:
            os.close(descriptor)

    asyncio.run(hold_on())
    assert sink.getvalue() == b"last words"
