# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a slot's workers say: passed on to the log, and its end kept for the document it is said of."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from typing import BinaryIO

TAIL_BYTES = 32_768
# A document that makes its worker print for hours must not fill the disk.
_PASSED_ON_BYTES = 1 << 20
# What was written before the worker answered or died is in the pipe by then, but perhaps not read.
_SETTLE_SECONDS = 0.05


class WorkerLog(asyncio.Protocol):
    """Reads one worker's output after the other.

    Args:
        sink: takes it, up to 1 MiB a document.
    """

    def __init__(self, sink: BinaryIO | None = None) -> None:
        self._sink = sink or sys.stderr.buffer
        self._tail = b""
        self._room = _PASSED_ON_BYTES

    async def open(self) -> int:
        """Return a descriptor for a worker to write to, which the caller closes; its end ends the reading."""
        reading, writing = os.pipe()
        await asyncio.get_running_loop().connect_read_pipe(lambda: self, os.fdopen(reading, "rb", buffering=0))
        return writing

    def begin(self) -> None:
        """Begin anew: what comes now is said of another document."""
        self._tail = b""
        self._room = _PASSED_ON_BYTES

    async def tail(self) -> bytes:
        """Return the end of what was said since :meth:`begin`, at most :data:`TAIL_BYTES`."""
        await asyncio.sleep(_SETTLE_SECONDS)
        return self._tail

    def data_received(self, data: bytes) -> None:
        """Take what the worker wrote."""
        self._tail = (self._tail + data)[-TAIL_BYTES:]
        if self._room > 0:
            self._sink.write(data[: self._room])
            self._room -= len(data)
            if self._room <= 0:
                self._sink.write(b"\n(The worker says more than fits here of this document.)\n")
            self._sink.flush()


def without_secrets(text: bytes, secrets: Iterable[str]) -> bytes:
    """Return the text with each secret replaced by asterisks."""
    for secret in filter(None, secrets):
        text = text.replace(secret.encode(), b"***")
    return text
