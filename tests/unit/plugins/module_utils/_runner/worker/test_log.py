# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import io
import os

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.log import (
    TAIL_BYTES,
    WorkerLog,
    without_secrets,
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
    log = WorkerLog(sink)
    assert asyncio.run(say(log, b"one\n", b"two\n")) == b"one\ntwo\n"
    assert sink.getvalue() == b"one\ntwo\n"
    log.begin()
    assert asyncio.run(say(log, b"three\n")) == b"three\n"


def test_of_a_flood_only_the_end_is_kept_and_only_the_beginning_passed_on() -> None:
    sink = io.BytesIO()
    log = WorkerLog(sink)
    for number in range(100):
        log.data_received(b"%05d" % number + b"x" * 65_531)
    assert len(asyncio.run(log.tail())) == TAIL_BYTES
    assert sink.getvalue().startswith(b"00000")
    assert b"says more than fits" in sink.getvalue()
    assert len(sink.getvalue()) < 1_100_000
    log.begin()
    log.data_received(b"of the next document")
    assert sink.getvalue().endswith(b"of the next document")


def test_a_secret_is_nowhere_in_what_is_left() -> None:
    assert without_secrets(b"key=abc+/d token=t abc+/d", ["abc+/d", ""]) == b"key=*** token=t ***"
