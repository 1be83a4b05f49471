# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of S3 as a GET needs, from memory, with the latency of a real one.

``/<bucket>/<copy>/<name>`` is the file ``name`` for every ``copy``, so that few files make many keys.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from urllib.parse import unquote

LOOPBACK = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_RANGE = re.compile(rb"\r\nrange: *bytes=(\d+)-(\d+)", re.IGNORECASE)
_COMMON = "Last-Modified: Tue, 24 Nov 2026 00:00:00 GMT\r\nAccept-Ranges: bytes\r\n"


def etag_of(body: bytes) -> str:
    """Return what S3 gives as the etag of an object written in one piece."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


class _Files:
    def __init__(self, paths: list[Path]) -> None:
        bodies = {path.name: path.read_bytes() for path in paths}
        self._files = {name: (memoryview(body), etag_of(body)) for name, body in bodies.items()}

    def answer(self, head: bytes) -> tuple[bytes, memoryview]:
        """Return the answer's head and body for a request's head."""
        _method, path, _rest = head.split(b" ", 2)
        name = unquote(path.decode().rpartition("/")[2])
        body, etag = self._files[name]
        status, extra = "200 OK", ""
        wanted = _RANGE.search(head)
        if wanted:
            start, end = int(wanted[1]), min(int(wanted[2]) + 1, len(body))
            status, extra = "206 Partial Content", f"Content-Range: bytes {start}-{end - 1}/{len(body)}\r\n"
            body = body[start:end]
        lines = f'HTTP/1.1 {status}\r\nETag: "{etag}"\r\n{_COMMON}{extra}Content-Length: {len(body)}\r\n\r\n'
        return lines.encode(), body


class _Client(asyncio.Protocol):
    def __init__(self, files: _Files, latency_seconds: float) -> None:
        self._files = files
        self._latency = latency_seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP server's transports are streams")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(_HEAD_END):
            head, self._received = self._received, b""
            asyncio.get_running_loop().call_later(self._latency, self._send, head)

    def _send(self, head: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.writelines(self._files.answer(head))


def serve(paths: list[Path], latency_seconds: float, ready: Pipe) -> None:
    """Serve until the process is ended; ``ready`` is told the endpoint."""
    asyncio.run(_serve(_Files(paths), latency_seconds, ready))


async def _serve(files: _Files, latency_seconds: float, ready: Pipe) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Client(files, latency_seconds), LOOPBACK, 0, backlog=1024)
    ready.send(f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()
