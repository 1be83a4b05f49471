# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One page put to a server as a chat completion of OpenAI's API, and tried again where the server says to."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from .answers import Answer
from .preset import Preset

if TYPE_CHECKING:
    import urllib3

LOOPBACK = "127.0.0.1"
_PATH = "/v1/chat/completions"
_CONNECT_SECONDS = 5.0
# Statuses by which a server asks to come again: it has too much to do, or is not there yet.
_BUSY = frozenset({429, 503})
_OK = 200
_SERVERS_FAULT = 500
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0
# A server may drop a connection, or fail, and live on; more often, and it is the page or the server.
_MOST_FAULTS = 3
_STEP_BYTES = 1 << 16
# 100 times a page.
_MOST_BYTES = 1 << 22
_SHOWN_CHARACTERS = 300


class ServerGone(Exception):  # noqa: N818 - named for what happened
    """The server does not answer any more; the page is to be asked again of the next one."""


class PageRefused(Exception):  # noqa: N818 - named for what happened
    """The server has no answer for this page; the message says why."""


class PageLate(PageRefused):
    """There was no answer in the time that a page has."""


class PageFailed(PageRefused):
    """The server failed each time, which may be the page's fault or its own."""


class _Busy(Exception):  # noqa: N818 - named for what happened
    """The server asks to come again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the server has too much to do")
        self.seconds = seconds


class _Fault(Exception):  # noqa: N818 - named for what happened
    """There was no answer that can be read; ``is_servers`` where the server failed, not the model."""

    def __init__(self, message: str, *, is_servers: bool) -> None:
        super().__init__(message)
        self.is_servers = is_servers


class ChatClient:
    """Asks a server on loopback, from as many threads as there are connections.

    Args:
        preset: what is asked, and for how long.
        connections: kept open at most.
    """

    def __init__(self, preset: Preset, connections: int) -> None:
        # Imported now: a worker without it must not blame its first document for that.
        import urllib3

        self._urllib3 = urllib3
        self._preset = preset
        self._pools = urllib3.PoolManager(maxsize=connections, retries=False)
        # Nothing here is to be hard to guess.
        self._chance = random.Random()

    def ask(self, port: int, image: bytes, more: Mapping[str, Any], is_current: Callable[[], bool]) -> Answer:
        """Return the answer for a page.

        Args:
            port: of the server.
            image: a picture of the page, as PNG.
            more: what this request has on top of the preset's.
            is_current: whether that server still is what pages are asked of.

        Raises:
            PageRefused: there is none; :class:`PageLate` where there was none in time, :class:`PageFailed` where the
                server failed each time.
            ServerGone: the server is no longer what pages are asked of.
        """
        deadline = time.monotonic() + self._preset.page_seconds
        body = json.dumps(self._request(image, more)).encode()
        faults = 0
        for tries in count(1):
            try:
                return self._answer(port, body, deadline)
            except _Busy as busy:
                problem, asked_for = str(busy), busy.seconds
            except _Fault as fault:
                faults += 1
                if not is_current():
                    raise ServerGone(str(fault)) from fault
                if faults >= _MOST_FAULTS:
                    raise (PageFailed if fault.is_servers else PageRefused)(str(fault)) from fault
                problem, asked_for = str(fault), 0.0
            self._pause(tries, asked_for, deadline)
            if not is_current():
                raise ServerGone(problem)
        raise AssertionError("there is always another try")

    def _answer(self, port: int, body: bytes, deadline: float) -> Answer:
        """Return the answer to one request.

        Raises:
            _Busy: the server has too much to do.
            _Fault: it failed, or its answer is none.
            PageRefused: see :meth:`ask`.
        """
        try:
            status, headers, content = self._post(port, body, deadline)
        except (self._urllib3.exceptions.ReadTimeoutError, TimeoutError) as error:
            raise self._late() from error
        except (self._urllib3.exceptions.HTTPError, OSError) as error:
            raise _Fault(f"{type(error).__name__}: {error}", is_servers=True) from error
        if status in _BUSY:
            raise _Busy(_seconds(headers.get("Retry-After")))
        if status >= _SERVERS_FAULT:
            raise _Fault(f"the server failed, with status {status}: {_shown(content)}", is_servers=True)
        if status != _OK:
            raise PageRefused(f"the server refuses it, with status {status}: {_shown(content)}")
        try:
            return parse_answer(content)
        except ValueError as error:
            raise _Fault(f"the server's answer is none ({error})", is_servers=False) from error

    def _request(self, image: bytes, more: Mapping[str, Any]) -> dict[str, Any]:
        url = f"data:image/png;base64,{base64.b64encode(image).decode()}"
        content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": self._preset.prompt}]
        return {
            "temperature": 0.0,
            **self._preset.request,
            **more,
            "model": self._preset.model,
            "max_tokens": self._preset.most_tokens,
            "messages": [{"role": "user", "content": content}],
        }

    def _post(self, port: int, body: bytes, deadline: float) -> tuple[int, Mapping[str, str], bytes]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._late()
        response = self._pools.request(
            "POST",
            f"http://{LOOPBACK}:{port}{_PATH}",
            body=body,
            headers={"Content-Type": "application/json"},
            timeout=self._urllib3.Timeout(connect=min(left, _CONNECT_SECONDS), read=left),
            preload_content=False,
        )
        whole = False
        try:
            content = self._read(response, deadline)
            whole = True
        finally:
            # What is left in it would be taken for the next answer.
            response.release_conn() if whole else response.close()
        return response.status, response.headers, content

    def _read(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        content = b""
        for step in response.stream(_STEP_BYTES):
            content += step
            if len(content) > _MOST_BYTES:
                raise PageRefused(f"the server's answer has more than {_MOST_BYTES} bytes")
            if time.monotonic() > deadline:
                raise self._late()
        return content

    def _pause(self, tries: int, asked_for: float, deadline: float) -> None:
        """Wait before another try, for a time that is not the same for all pages.

        Raises:
            PageLate: the page has no time for that.
        """
        longest = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0**tries)
        seconds = self._chance.uniform(0, longest) + min(asked_for, _LONGEST_PAUSE_SECONDS)
        if time.monotonic() + seconds > deadline:
            raise self._late()
        time.sleep(seconds)

    def _late(self) -> PageLate:
        return PageLate(f"there was no answer within {self._preset.page_seconds:g} s")


def parse_answer(content: bytes) -> Answer:
    """Return what a server's answer says.

    Raises:
        ValueError: it is something else, or half a character is at its end.
    """
    said = json.loads(content.decode())
    try:
        choice = said["choices"][0]
        text, reason = choice["message"]["content"], choice["finish_reason"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"it has no {error}") from error
    if not (isinstance(text, str) and isinstance(reason, str)):
        raise ValueError("its text or its finish_reason is none")
    return Answer(text, reason)


def _seconds(value: str | None) -> float:
    """Return how long a server asks to wait; 0 where it does not say, or by a date."""
    return float(value) if value is not None and value.isascii() and value.isdigit() else 0.0


def _shown(content: bytes) -> str:
    return " ".join(content.decode(errors="replace").split())[:_SHOWN_CHARACTERS]
