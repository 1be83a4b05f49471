# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's side of JSON lines: messages on standard input, answers on standard output."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .lifetime import be_killed_first, die_with, die_with_parent

# In the environment of a child: whom it must not outlive.
PARENT_VARIABLE = "GLOSSAPI_FARM_PARENT"


class Parent:
    """The process that started this one; iterating gives its messages until it closes the pipe."""

    def __init__(self, messages: BinaryIO, answers: BinaryIO) -> None:
        self._messages = messages
        self._answers = answers
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Any]:
        return map(json.loads, self._messages)

    def tell_ready(self, value: Any = None) -> None:
        """Say first that this process can answer; ``value`` is what its parent may want to know of it."""
        self.tell({"ready": value})

    def tell(self, message: Any) -> None:
        """Write one message; threads may call this at the same time."""
        with self._lock:
            self._answers.write(encode(message))
            self._answers.flush()


def attach() -> Parent:
    """Return the pipes to the parent, with which this process dies, and leave 0 and 1 to libraries that print.

    When memory runs out, this process is killed before its parent.

    The pipes are not inherited by programs that this process starts.

    Raises:
        SystemExit: the parent is gone already.
    """
    be_killed_first()
    parent = os.environ.pop(PARENT_VARIABLE, "")
    if parent:
        die_with(int(parent))
    else:
        die_with_parent()
    messages, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return Parent(messages, answers)


def encode(message: Any) -> bytes:
    """Return the message's line."""
    return json.dumps(message).encode() + b"\n"
