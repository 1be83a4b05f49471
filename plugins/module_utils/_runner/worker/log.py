# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a slot's workers say: passed on to the log, and its end kept for the document it is said of."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Collection
from contextlib import suppress
from typing import BinaryIO

from ..masking import masked

TAIL_BYTES = 32_768
# A document that makes its worker print for hours must not fill the disk.
_PASSED_ON_BYTES = 1 << 20
# What was written before the worker answered or died is in the pipe by then, but perhaps not read.
_SETTLE_SECONDS = 0.05
# Of a line that has no end yet, more is passed on.
_LINE_BYTES = 8192


class WorkerLog(asyncio.Protocol):
    """Reads one worker's output after the other, and masks it (see :func:`masked`).

    Args:
        secrets: that must be in no log.
        sink: takes it, up to 1 MiB a document.
    """

    def __init__(self, secrets: Collection[str] = (), sink: BinaryIO | None = None) -> None:
        self._secrets = secrets
        # Of a secret that is not whole yet.
        self._kept_bytes = max((len(secret.encode()) for secret in secrets), default=1) - 1
        self._sink = sink or sys.stderr.buffer
        self._pending = b""
        self._tail = b""
        self._room = _PASSED_ON_BYTES
        self._transport: asyncio.ReadTransport | None = None
        # Of the transport.
        self._ended = asyncio.Event()

    async def open(self) -> int:
        """Return a descriptor for a worker to write to, which the caller closes; its end ends the reading."""
        await self.close()
        reading, writing = os.pipe()
        self._ended = asyncio.Event()
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: self, os.fdopen(reading, "rb", buffering=0)
        )
        return writing

    async def close(self) -> None:
        """Take what was written last, and end the reading, whoever may still hold the other end."""
        if self._transport is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), _SETTLE_SECONDS)
        self._transport.close()
        self._transport = None
        await self._ended.wait()

    def begin(self) -> None:
        """Begin anew: what comes now is said of another document."""
        self._flush()
        self._tail = b""
        self._room = _PASSED_ON_BYTES

    async def tail(self) -> bytes:
        """Return the end of what was said since :meth:`begin`, at most :data:`TAIL_BYTES`."""
        await asyncio.sleep(_SETTLE_SECONDS)
        self._flush()
        return self._tail

    def data_received(self, data: bytes) -> None:
        """Take what the worker wrote, and pass on its whole lines."""
        self._pending = masked(self._pending + data, self._secrets)
        end = self._pending.rfind(b"\n") + 1
        if len(self._pending) - end > _LINE_BYTES:
            end = len(self._pending) - self._kept_bytes
        self._pass_on(end)

    def connection_lost(self, _error: Exception | None) -> None:
        """Pass on what a worker that has ended wrote last."""
        self._flush()
        self._ended.set()

    def _flush(self) -> None:
        self._pass_on(len(self._pending))

    def _pass_on(self, end: int) -> None:
        text, self._pending = self._pending[:end], self._pending[end:]
        if not text:
            return
        self._tail = (self._tail + text)[-TAIL_BYTES:]
        if self._room > 0:
            self._sink.write(text[: self._room])
            self._room -= len(text)
            if self._room <= 0:
                self._sink.write(b"\n(The worker says more than fits here of this document.)\n")
            self._sink.flush()
