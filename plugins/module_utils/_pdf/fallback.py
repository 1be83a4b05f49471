# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the pages of a local file whose structure did not settle it, isolated from whatever the file does."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from threading import Lock
from types import TracebackType

from .._children.child import Child, StartError, is_ready
from .._errors import FarmError

# Also makes Ansible ship the module that the child process runs.
from . import child as child_module
from .consensus import Answer, is_settled, weigh
from .model import PageCount
from .structure import EMPTY, ENCRYPTED

_SECONDS_PER_METHOD = 60.0
_STARTS = 2
_GRACE_SECONDS = 0.5


class FallbackReader:
    """Counts with a walk over the whole page tree, PDFium and pypdf, in a child process of its own.

    The child starts with the first document, and again after a document crashed or blocked it, or after the
    thread ended that had started it. Calls from several threads are served one after the other.

    Args:
        seconds: how long one way to count may take for one document.
    """

    def __init__(self, seconds: float = _SECONDS_PER_METHOD) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._runner = asyncio.Runner()
        self._child: Child | None = None

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
            StartError: the child process did not start, twice, which says nothing of the document.
            FarmError: a library is missing.
        """
        if path.stat().st_size == 0:
            return EMPTY
        with self._lock:
            walk, pdfium, pypdf = self._runner.run(self._answers(path))
        count = weigh(walk, pdfium, pypdf)
        if count.error.startswith("corrupt") and reason != ENCRYPTED:
            return PageCount(None, f"{count.error} ({reason})")
        return count

    async def _answers(self, path: Path) -> tuple[Answer, Answer, Answer | None]:
        walk, pdfium = await self._ask("walk", path), await self._ask("pdfium", path)
        return walk, pdfium, None if is_settled(walk, pdfium) else await self._ask("pypdf", path)

    async def _ask(self, method: str, path: Path) -> Answer:
        child = await self._running()
        try:
            answer = await child.ask({"method": method, "path": str(path)}, self._seconds)
        except TimeoutError:
            await self._stop()
            return Answer(None, f"{method}: took longer than {self._seconds:.0f} s")
        if answer is None:
            return Answer(None, f"{method}: crashed with status {await self._stop()}")
        return Answer(**answer)

    async def _running(self) -> Child:
        if self._child is not None and self._child.ended:
            # It was ended from outside while it had nothing to do: no document is to blame.
            await self._stop()
        if self._child is None:
            self._child = await _start()
        return self._child

    async def _stop(self) -> int | None:
        """End the child and return its status; ``None`` where it has none of its own."""
        child, self._child = self._child, None
        if child is None:
            return None
        # With that it ends by itself; after a crash its status tells which.
        child.end_input()
        status = await child.status(_GRACE_SECONDS)
        await child.kill()
        return status


async def _start() -> Child:
    for _ in range(_STARTS):
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
    raise StartError("The process that reads damaged PDFs did not start: see its message on standard error.")
