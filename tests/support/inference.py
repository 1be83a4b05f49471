# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``server`` with the test server, which reads by tesseract."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

SERVER_PROGRAM = Path(__file__).parents[2] / "emulators" / "inference_server.py"

# A server that is healthy at once. In its folder, the file ``sick`` makes it another, and ``dead`` ends it when asked.
HEALTHY = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if os.path.exists("dead"):
            os.remove("dead")
            print("no more", flush=True)
            os._exit(3)
        self.send_response(503 if os.path.exists("sick") else 200)
        self.end_headers()
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
print("up", os.environ.get("AWS_SECRET_ACCESS_KEY"), flush=True)
server.serve_forever()
"""


def healthy(*before: str) -> tuple[str, ...]:
    """Return the command of a server that is healthy at once, after what it does before."""
    return (sys.executable, "-Ic", "\n".join([*before, HEALTHY]), "{port}")


def a_preset(tessdata: Path, fault: str = "none", **keys: Any) -> dict[str, Any]:
    """Return a preset of the test server, as its file would have it.

    Args:
        tessdata: the folder of language data.
        fault: of the test server's.
        keys: others, or the same with other values.
    """
    command = [sys.executable, "-I", str(SERVER_PROGRAM), "--port", "{port}", "--tessdata", str(tessdata)]
    return {
        "name": "tesseract-by-http",
        "source": "emulators/inference_server.py",
        "licence": "Apache-2.0",
        "licence_source": "https://github.com/tesseract-ocr/tessdata/blob/main/LICENSE",
        "command": [*command, "--fault", fault],
        "gpu": False,
        "weights": [{"repo": "tesseract-ocr/tessdata", "revision": "4.1.0"}],
        "model": "tesseract",
        "prompt": "Write what stands on this page in Markdown.",
        "dpi": 300,
        "most_tokens": 4096,
        "second_request": {"repetition_penalty": 1.1},
        **keys,
    }


@dataclass(frozen=True)
class Reply:
    """What a scripted server answers to one request.

    Attributes:
        status: of HTTP; 0 to hang up instead.
        body: all of it.
        headers: beside its length.
        release: what it waits for before it answers.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    release: threading.Event | None = None


def completion(text: str, reason: str = "stop") -> Reply:
    """Return the reply of a model that wrote this text."""
    choices = [{"message": {"content": text}, "finish_reason": reason}]
    return Reply(body=json.dumps({"choices": choices}).encode())


class ScriptedServer:
    """A server on loopback that answers by a function, while a context lasts.

    Args:
        reply: returns the reply to a request, given its number from 1 and its body.

    Attributes:
        port: where it listens.
        requests: the bodies it was sent.
        most_at_once: requests that it had at the same time.
    """

    def __init__(self, reply: Callable[[int, dict[str, Any]], Reply]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._reply = reply
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket.listen(128)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._send(handler, self._reply(number, request))
        finally:
            with self._lock:
                self._at_once -= 1

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.release is not None:
            reply.release.wait(60)
        if not reply.status:
            # At once, whatever is in the buffers: the client's connection is reset.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        with suppress(ConnectionError):
            handler.send_response(reply.status)
            for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(reply.body)
