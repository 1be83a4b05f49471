# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the pages of a local file whose structure did not settle it, isolated from whatever the file does."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType

from .._errors import FarmError

# Also makes Ansible ship the module that the child process runs.
from . import child as child_module
from .consensus import Answer, is_settled, weigh
from .model import PageCount
from .structure import EMPTY, ENCRYPTED

_SECONDS_PER_METHOD = 60.0
_GRACE_SECONDS = 0.5


class FallbackReader:
    """Counts with a walk over the whole page tree, PDFium and pypdf, in a child process of its own.

    The child starts with the first document, and again after a document crashed or blocked it, or after the
    thread ended that had started it. Calls
    from several threads are served one after the other.

    Args:
        seconds: how long one way to count may take for one document.
    """

    def __init__(self, seconds: float = _SECONDS_PER_METHOD) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> FallbackReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next count would start another."""
        with self._lock:
            self._stop()

    def count(self, path: Path, reason: str) -> PageCount:
        """Return the page count of a file.

        Args:
            path: the whole document.
            reason: why its structure did not settle it; told where nothing else explains a failure.

        Raises:
            FarmError: the child process does not start.
        """
        if path.stat().st_size == 0:
            return EMPTY
        with self._lock:
            walk = self._ask("walk", path)
            pdfium = self._ask("pdfium", path)
            pypdf = None if is_settled(walk, pdfium) else self._ask("pypdf", path)
        count = weigh(walk, pdfium, pypdf)
        if count.error.startswith("corrupt") and reason != ENCRYPTED:
            return PageCount(None, f"{count.error} ({reason})")
        return count

    def _ask(self, method: str, path: Path) -> Answer:
        if self._child is not None and self._child.poll() is not None:
            # It was ended from outside while it had nothing to do: no document is to blame.
            self._stop()
        child = self._child or self._start()
        question = json.dumps({"method": method, "path": str(path)}) + "\n"
        line = b""
        with suppress(BrokenPipeError):
            child.stdin.write(question.encode())  # type: ignore[union-attr]
            child.stdin.flush()  # type: ignore[union-attr]
            if not self._answers(child):
                self._stop()
                return Answer(None, f"{method}: took longer than {self._seconds:.0f} s")
            line = child.stdout.readline()  # type: ignore[union-attr]
        if line:
            return Answer(**json.loads(line))
        return Answer(None, f"{method}: crashed with status {self._stop()}")

    def _answers(self, child: subprocess.Popen[bytes]) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            return bool(selector.select(self._seconds))

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", child_module.__name__, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
            start_new_session=True,
        )
        if not self._answers(self._child) or self._child.stdout.readline() != child_module.READY.encode():  # type: ignore[union-attr]
            raise FarmError(
                f"The process that reads damaged PDFs did not start (status {self._stop()}): see its message on "
                f"standard error; pypdfium2 and pypdf must be installed for {sys.executable}."
            )
        return self._child

    def _stop(self) -> int:
        """End the child and return its status; 0 where there is none."""
        child, self._child = self._child, None
        if child is None:
            return 0
        with suppress(OSError):
            child.stdin.close()  # type: ignore[union-attr]
        # At the end of its input it ends by itself; after a crash its status tells which.
        with suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE_SECONDS)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.stdout.close()  # type: ignore[union-attr]
        return child.wait()
