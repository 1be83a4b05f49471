# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reverse proxy before an S3 server that goes wrong where it is told to."""

from __future__ import annotations

import asyncio
import random
import re
import threading
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from urllib.parse import urlsplit

from emulators.process import LOOPBACK

_HEAD_END = b"\r\n\r\n"
_LARGEST_HEAD = 1 << 16
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect: *100-continue", re.IGNORECASE)
_RANGE = re.compile(rb"\r\nrange: *bytes=(\d+-\d*)", re.IGNORECASE)


class Fault(Enum):
    """What can happen to an exchange."""

    SLOW_DOWN = "503 SlowDown"
    EXPIRED_TOKEN = "400 ExpiredToken"
    ACCESS_DENIED = "403 AccessDenied"
    RESET = "the connection is reset in place of an answer"
    TRUNCATED = "half of the body, then the end of the connection"
    LATE = "the answer comes later"
    REPLY_LOST = "the server does it, the client never hears of it"


_ANSWERED_HERE = (Fault.SLOW_DOWN, Fault.EXPIRED_TOKEN, Fault.ACCESS_DENIED)


@dataclass
class Rule:
    """When a fault happens.

    Attributes:
        method: of the requests it is for; empty for all.
        path: regular expression that is searched for in the path and query.
        unless: regular expression; requests with it in their head, in any case, pass.
        skip: so many matching requests pass first.
        times: so many are hit; ``None`` for all.
        probability: of a hit, once ``skip`` have passed.
        seconds: how late, for :attr:`Fault.LATE`.
    """

    fault: Fault
    method: str = ""
    path: str = ""
    unless: str = ""
    skip: int = 0
    times: int | None = None
    probability: float = 1.0
    seconds: float = 0.0

    def hits(self, method: str, path: str, head: str, chance: random.Random) -> bool:
        """Return whether the fault happens to this request, and count it."""
        if self.method not in ("", method) or not re.search(self.path, path) or self.times == 0:
            return False
        if self.unless and re.search(self.unless, head, re.IGNORECASE | re.MULTILINE):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True)
class Exchange:
    """One request and what became of it.

    Attributes:
        range: as in ``0-99``; empty without one.
        bytes: how much of a body was sent back.
        head: the request's, as it came.
    """

    method: str
    path: str
    range: str
    bytes: int
    fault: Fault | None
    head: str = ""


class FaultProxy:
    """A context manager: a proxy on a free loopback port, in a thread of its own.

    The Host header passes through, so that a client must sign for the proxy's address and the
    server must accept any. The first rule that hits decides.

    Attributes:
        rules: may be changed at any time.
        log: every exchange so far.
    """

    def __init__(self, target_url: str, rules: list[Rule] | None = None, seed: int = 0) -> None:
        target = urlsplit(target_url)
        self._target = (target.hostname or LOOPBACK, target.port or 80)
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)
        self._connections: set[asyncio.Task[None]] = set()
        self.rules = rules or []
        self.log: list[Exchange] = []

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, LOOPBACK, 0, limit=_LARGEST_HEAD), self._loop
        ).result()
        self.endpoint_url = f"http://{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for each in self._connections:
            each.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("asyncio runs a server's connections as tasks")
        self._connections.add(task)
        upstream: asyncio.StreamWriter | None = None
        try:
            server, upstream = await asyncio.open_connection(*self._target, limit=_LARGEST_HEAD)
            while await self._exchange(client, answer, server, upstream):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # One side left, or the proxy is closed: so does the other.
            pass
        finally:
            self._connections.discard(task)
            for writer in filter(None, (answer, upstream)):
                writer.close()

    async def _exchange(
        self,
        client: asyncio.StreamReader,
        answer: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        upstream: asyncio.StreamWriter,
    ) -> bool:
        """Pass one request on and its answer back; return whether the connection lives on."""
        head = await client.readuntil(_HEAD_END)
        if _EXPECT.search(head):
            answer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            head = _EXPECT.sub(b"", head)
        body = await _body(client, head)
        method, path, _version = head.partition(b"\r\n")[0].decode().split(" ", 2)
        rule = next(
            (rule for rule in self.rules if rule.hits(method, path, head.decode("latin-1"), self._chance)), None
        )
        fault = rule.fault if rule else None
        wanted = _RANGE.search(head)
        reply = b""
        sent = 0
        if fault in _ANSWERED_HERE and fault is not None:
            reply = _error(fault)
        elif fault is not Fault.RESET:
            upstream.write(head + body)
            reply_head, reply_body = await _reply(server, method)
            sent = len(reply_body)
            if fault is Fault.TRUNCATED:
                sent //= 2
            reply = reply_head + reply_body[:sent]
        if rule is not None and fault is Fault.LATE:
            await asyncio.sleep(rule.seconds)
        if fault in (Fault.RESET, Fault.REPLY_LOST):
            reply, sent = b"", 0
        self.log.append(
            Exchange(method, path, wanted[1].decode() if wanted else "", sent, fault, head.decode("latin-1"))
        )
        if not reply:
            answer.transport.abort()
            return False
        answer.write(reply)
        await answer.drain()
        return fault is not Fault.TRUNCATED


async def _reply(server: asyncio.StreamReader, method: str) -> tuple[bytes, bytes]:
    """Return the head and the body of the server's answer."""
    head = await server.readuntil(_HEAD_END)
    status = int(head.split(b" ", 2)[1])
    has_body = method != "HEAD" and status not in (204, 304)
    return head, await _body(server, head) if has_body else b""


async def _body(stream: asyncio.StreamReader, head: bytes) -> bytes:
    """Return the body that follows ``head``, chunked as it came."""
    length = _CONTENT_LENGTH.search(head)
    if length:
        return await stream.readexactly(int(length[1]))
    if not _CHUNKED.search(head):
        return b""
    chunks = b""
    size = -1
    while size != 0:
        line = await stream.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        chunks += line + await stream.readexactly(size + len(b"\r\n"))
    return chunks


def _error(fault: Fault) -> bytes:
    """Return S3's answer for a fault named as ``<status> <code>``."""
    status, code = fault.value.split(" ")
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{code}</Message></Error>'
    head = f"HTTP/1.1 {status} Fault\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
