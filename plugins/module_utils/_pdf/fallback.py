# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the pages of a local file whose structure did not settle it, isolated from whatever the file does."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from threading import Lock
from types import TracebackType

from .._children.child import Child, StartError, is_ready
from .._errors import FarmError

# Also makes Ansible ship the module that the child process runs.
from . import child as child_module
from .child import question
from .consensus import Answer, Answers
from .model import PageCount
from .structure import EMPTY, ENCRYPTED

# Time of a core, which does not depend on what else the machine does; the other limit is for what blocks.
_CORE_SECONDS = 60.0
_SECONDS = 900.0
_TRIES = 2
_GRACE_SECONDS = 0.5


class FallbackReader:
    """Counts with a walk over the whole page tree, PDFium and pypdf, in a child process of its own.

    The child starts with the first document, and again after a document crashed or blocked it, or after the
    thread ended that had started it. Calls from several threads are served one after the other.

    Args:
        core_seconds: how much of a core one way to count may use for one document.
        seconds: how long it may take.
    """

    def __init__(self, core_seconds: float = _CORE_SECONDS, seconds: float = _SECONDS) -> None:
        self._core_seconds = core_seconds
        self._seconds = seconds
        self._lock = Lock()
        self._runner = asyncio.Runner()
        self._child: Child | None = None
        # Whether the child has its question and answers of its own accord.
        self._at_work = False

    def __enter__(self) -> FallbackReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next count would start another."""
        with self._lock:
            self._runner.run(self._stop())
            self._runner.close()
            self._runner = asyncio.Runner()

    def count(self, path: Path, reason: str) -> PageCount:
        """Return the page count of a file.

        Args:
            path: the whole document.
            reason: why its structure did not settle it; told where nothing else explains a failure.

        Raises:
            StartError: the child process did not start or was killed, twice, which says nothing of the document.
            FarmError: a library is missing.
        """
        if path.stat().st_size == 0:
            return EMPTY
        with self._lock:
            count = self._runner.run(self._count(path))
        if count.error.startswith("corrupt") and reason != ENCRYPTED:
            return PageCount(None, f"{count.error} ({reason})")
        return count

    async def _count(self, path: Path) -> PageCount:
        answers = Answers()
        while (method := answers.next_method) is not None:
            answers = answers.adding(method, await self._answer(method, path, answers))
        self._at_work = False
        return answers.weigh()

    async def _answer(self, method: str, path: Path, known: Answers) -> Answer:
        for _ in range(_TRIES):
            child = await self._running()
            if not self._at_work:
                # It goes on to the next method by itself: to ask for each would take longer than most counts.
                await child.send(question(path, known, self._core_seconds))
                self._at_work = True
            try:
                async with asyncio.timeout(self._seconds):
                    message = await child.receive()
            except TimeoutError:
                await self._stop()
                return Answer(None, f"{method} takes too long")
            if message is not None:
                return Answer(**message)
            status = await self._stop()
            # By the kernel for want of memory, or by hand: the document need not be to blame.
            if status != -signal.SIGKILL:
                return Answer(None, f"{method} takes too long" if status == -signal.SIGPROF else f"{method} crashes")
        raise StartError("the reader of damaged PDFs was killed")

    async def _running(self) -> Child:
        if self._child is not None and not self._at_work and self._child.ended:
            # It was ended from outside while it had nothing to do: no document is to blame.
            await self._stop()
        if self._child is None:
            self._child = await _start()
        return self._child

    async def _stop(self) -> int | None:
        """End the child and return its status; ``None`` where it has none of its own."""
        child, self._child = self._child, None
        self._at_work = False
        if child is None:
            return None
        # With that it ends by itself; after a crash its status tells which.
        child.end_input()
        status = await child.status(_GRACE_SECONDS)
        await child.kill()
        return status


async def _start() -> Child:
    for _ in range(_TRIES):
        child = await Child.start(child_module.__name__)
        message = await child.first_message()
        if is_ready(message):
            return child
        await child.kill()
        if message is not None:
            raise FarmError(
                f"The process that reads damaged PDFs cannot import {message['missing']} ({message['why']}): "
                f"pypdfium2 and pypdf must be installed for {sys.executable}."
            )
    raise StartError("the reader of damaged PDFs did not start")
