# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inference server with OpenAI's API whose model is tesseract: real text of real pictures, and ways to go wrong.

Run as a program, by its path: it needs tesserocr and Pillow, and nothing of this repository, as a server of its own
environment does. What it has done before is counted in its folder, so that one that is started again goes on.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
# How it may go wrong, and when.
FAULTS = {
    "none": "it does not",
    "busy": "every other request is refused with status 429",
    "cut_off": "each answer ends at the limit of tokens",
    "cut_off_once": "the same, unless the request has a repetition_penalty",
    "dies": "it ends with the fourth request that it ever has",
    "fails": "from the fourth request that any ever has on, the one that is running answers with status 500",
    "half_character": "every other answer ends within a character",
    "hangs": "from the fourth request that it ever has on, the one that is running answers nothing more",
    "nul": "answers have control characters and half of a surrogate pair",
    "out_of_memory": "it does not start",
    "repeats": "each answer says the same again and again",
    "slow": "each answer takes an hour",
    "unhealthy": "it never says that it is healthy",
    "wrong_after_death": "as dies, and the next one has no Greek",
    "wrong_model": "it has no Greek",
}
_FATAL_REQUEST = 4
_HOUR_SECONDS = 3600.0
_MODEL = "tesseract"


class Model:
    """Tesseract, for one request at a time.

    Args:
        tessdata: the folder of its language data.
        languages: to read, as in ``ell+eng``.
    """

    def __init__(self, tessdata: str, languages: str) -> None:
        import tesserocr

        self._lock = threading.Lock()
        self._api = tesserocr.PyTessBaseAPI(
            path=tessdata, lang=languages, psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
        )

    def read(self, png: bytes) -> str:
        """Return the text of a picture."""
        import PIL.Image

        with self._lock, PIL.Image.open(io.BytesIO(png)) as picture:
            self._api.SetImage(picture.convert("L"))
            # Else it guesses, from the size of the letters.
            self._api.SetSourceResolution(300)
            text: str = self._api.GetUTF8Text()
            return text.strip()


class Service:
    """What requests are answered by.

    Args:
        model: reads.
        fault: of :data:`FAULTS`.
        requests: file with a byte for each request that any server had here.
    """

    def __init__(self, model: Model, fault: str, requests: Path) -> None:
        self._model = model
        self._fault = fault
        self._requests = requests
        self._lock = threading.Lock()
        self._served = 0
        self._hangs = False
        self._fails = False

    def is_healthy(self) -> bool:
        """Whether the server says so."""
        if self._hangs:
            time.sleep(_HOUR_SECONDS)
        return self._fault != "unhealthy"

    def answer(self, request: dict[str, Any]) -> tuple[int, bytes]:
        """Return the status and the body that answer a request for a chat completion."""
        number, served = self._count()
        if self._fault == "slow" or self._hangs:
            time.sleep(_HOUR_SECONDS)
        if number == _FATAL_REQUEST:
            self._go_wrong()
        if self._fails:
            return 500, b'{"error": {"message": "the engine has failed"}}'
        if self._fault == "busy" and served % 2:
            return 429, b'{"error": {"message": "too many requests"}}'
        if request.get("model") != _MODEL:
            return 404, json.dumps({"error": {"message": f"there is no model {request.get('model')!r}"}}).encode()
        text, reason = self._model.read(_picture(request)), "stop"
        if self._fault == "cut_off" or (self._fault == "cut_off_once" and "repetition_penalty" not in request):
            text, reason = text[: len(text) // 2], "length"
        if self._fault == "repeats":
            text = "και πάλι τα ίδια λόγια " * 200
        if self._fault == "nul":
            text = f"\x00{text}\x07\ud83d"
        body = _completion(text, reason)
        if self._fault == "half_character" and served % 2:
            # In the middle of the last letter of it that is not ASCII.
            body = body[: max(index for index, byte in enumerate(body) if byte >= 0x80)]
        return 200, body

    def _go_wrong(self) -> None:
        if self._fault in ("dies", "wrong_after_death"):
            os._exit(1)
        if self._fault == "hangs":
            self._hangs = True
            time.sleep(_HOUR_SECONDS)
        self._fails = self._fault == "fails"

    def _count(self) -> tuple[int, int]:
        """Return which request this is, of all that any server had here, and of this one's."""
        with self._lock, self._requests.open("ab") as file:
            file.write(b".")
            file.flush()
            self._served += 1
            return file.tell(), self._served


def _picture(request: dict[str, Any]) -> bytes:
    for part in request["messages"][-1]["content"]:
        if part["type"] == "image_url":
            return base64.b64decode(part["image_url"]["url"].partition(";base64,")[2])
    raise ValueError("the request has no picture")


def _completion(text: str, reason: str) -> bytes:
    message = {"role": "assistant", "content": text}
    answer = {"object": "chat.completion", "model": _MODEL}
    choices = [{"index": 0, "message": message, "finish_reason": reason}]
    # A surrogate cannot stand in UTF-8: with one, all letters are escaped.
    is_whole = text.isprintable() or not any("\ud800" <= char <= "\udfff" for char in text)
    return json.dumps({**answer, "choices": choices}, ensure_ascii=not is_whole).encode()


def handler_of(service: Service) -> type[BaseHTTPRequestHandler]:
    """Return what answers the requests of a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            is_known = self.path == "/health"
            self._send(200 if is_known and service.is_healthy() else 503, b"")

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(*service.answer(request))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main(arguments: Sequence[str]) -> int:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tessdata", required=True)
    parser.add_argument("--fault", choices=sorted(FAULTS), default="none")
    options = parser.parse_args(arguments)
    print(f"loading {_MODEL} from {options.tessdata}", flush=True)
    if options.fault == "out_of_memory":
        print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 6.00 GiB.", flush=True)
        return 1
    requests = Path("requests")
    has_died = requests.exists() and requests.stat().st_size >= _FATAL_REQUEST
    # Its threads would wait for each other where other programs have the cores.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    has_no_greek = options.fault == "wrong_model" or (options.fault == "wrong_after_death" and has_died)
    model = Model(options.tessdata, "eng" if has_no_greek else "ell+eng")
    server = ThreadingHTTPServer((LOOPBACK, options.port), handler_of(Service(model, options.fault, requests)))
    # Those of many pages come at once.
    server.socket.listen(128)
    print(f"serving {_MODEL} on {LOOPBACK}:{options.port}", flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
