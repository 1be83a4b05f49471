# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calling a library that may run for ever, or crash, in a fork of this process: what is loaded stays loaded."""

from __future__ import annotations

import os
import select
import signal
import time
import warnings
from collections.abc import Callable
from typing import NoReturn

from .lifetime import die_with

_STEP_BYTES = 1 << 16
_MESSAGE_BYTES = 2000


class ForkFailure(Exception):  # noqa: N818 - it is an outcome, not an error of the program
    """The call raised something, or its process was ended by a signal; the message says which."""


def call_forked(call: Callable[[], bytes], seconds: float) -> bytes | None:
    """Return what the call returns; ``None`` where it has not after so many seconds, when its process is killed.

    It should not need other threads, of which a fork has none, nor a lock that one of them may hold.

    Raises:
        ForkFailure: it raised an exception, or was ended by a signal.
    """
    reading, writing = os.pipe()
    parent = os.getpid()
    with warnings.catch_warnings():
        # From Python 3.12 on, for a process with threads: what hangs is killed, too.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _answer(call, writing, parent)
    os.close(writing)
    try:
        answer = _read(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    if answer is None:
        return None
    if os.WIFSIGNALED(status):
        raise ForkFailure(f"its process was ended by {signal.Signals(os.WTERMSIG(status)).name}")
    if status:
        raise ForkFailure(answer.decode(errors="replace"))
    return answer


def _answer(call: Callable[[], bytes], writing: int, parent: int) -> NoReturn:
    """Write the answer in the child, and end it whatever happens: none of the parent's clean-up is its own."""
    status = 1
    try:
        die_with(parent)
        _write(writing, call())
        status = 0
    except BaseException as error:
        _write(writing, f"{type(error).__name__}: {error}".encode()[:_MESSAGE_BYTES])
    finally:
        os._exit(status)


def _write(writing: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(writing, rest) :]


def _read(reading: int, deadline: float) -> bytes | None:
    answer = bytearray()
    while True:
        left = deadline - time.monotonic()
        ready, _writable, _exceptional = select.select([reading], [], [], max(0.0, left))
        if not ready:
            return None
        step = os.read(reading, _STEP_BYTES)
        if not step:
            return bytes(answer)
        answer += step
