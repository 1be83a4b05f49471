# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log file of a supervisor and its workers, which rotates without losing a line.

All that workers say goes through the supervisor's standard error, so one process alone writes the file, and can rename
it between two writes. A rotation from outside would lose what is written while it copies (logrotate's copytruncate), or
leave the process writing to the renamed file.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TextIO

MAX_BYTES = 64 << 20
KEPT_FILES = 10


class RotatingLog(io.RawIOBase):
    """A stream that appends to a file, and renames it to ``<file>.1`` and so on when it is full.

    Args:
        path: the file.
        descriptor: of the file, open for appending; it stays the file's through all rotations.
        copy: another descriptor that gets all of it too.
        max_bytes: the size from which on the file is full.
        kept: how many full files are kept.
    """

    def __init__(
        self,
        path: Path,
        descriptor: int,
        copy: int | None = None,
        max_bytes: int = MAX_BYTES,
        kept: int = KEPT_FILES,
    ) -> None:
        super().__init__()
        self._path = path
        self._descriptor = descriptor
        self._copy = copy
        self._max_bytes = max_bytes
        self._kept = kept
        self._lock = threading.Lock()

    def writable(self) -> bool:
        """Whether this can be written: yes."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write all of it; what a full disk refuses is in the copy alone."""
        content = bytes(data)
        with self._lock:
            # To wait for space is the supervisor's part; to end it for want of a log line would be no help.
            with suppress(OSError):
                if os.fstat(self._descriptor).st_size >= self._max_bytes:
                    self._rotate()
                _write_all(self._descriptor, content)
            if self._copy is not None:
                with suppress(OSError):
                    _write_all(self._copy, content)
        return len(content)

    def _rotate(self) -> None:
        for number in range(self._kept - 1, 0, -1):
            with suppress(FileNotFoundError):
                _numbered(self._path, number).rename(_numbered(self._path, number + 1))
        self._path.rename(_numbered(self._path, 1))
        fresh = open_log(self._path)
        os.dup2(fresh, self._descriptor, inheritable=os.get_inheritable(self._descriptor))
        os.close(fresh)


def open_log(path: Path) -> int:
    """Return a descriptor that appends to the log file, which only its owner can read."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def keep_log(path: Path, *, is_stderr: bool) -> TextIO:
    """Have ``sys.stderr`` write to the log file from now on, and return it.

    Args:
        path: the file.
        is_stderr: whether the standard error is open on the file already; else it gets a copy, as journald does.
    """
    stderr = sys.stderr.fileno()
    raw = RotatingLog(path, stderr) if is_stderr else RotatingLog(path, open_log(path), stderr)
    sys.stderr = io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)
    return sys.stderr


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
