# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many pages the workers of a GPU have in flight, all together: whichever of them has pages may have all."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

# Between two looks of the one worker that is next; a page takes a server a second and more.
_LOOK_SECONDS = 0.01


class Permits:
    """Leave for single pages, in a file that the processes of several workers share.

    Each byte is one, held by a record lock: the kernel gives back what a worker had that was ended. Such a lock is the
    process's, so this process may open the file only once, and forks of it have none.

    Args:
        path: the file, the same for all that share it.
        most: how many there are.

    Attributes:
        most: likewise.
    """

    def __init__(self, path: Path, most: int) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.most = most
        # Open as long as the process lives.
        self._file, self._queue = (
            os.open(f"{path}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for suffix in ("", ".queue")
        )
        self._lock = threading.Lock()
        self._not_ours = set(range(most))

    def acquire(self) -> int:
        """Wait for a permit and return it, to be released once; one thread does so at a time.

        Who has waited longest is next, so that a long document leaves some to short ones.
        """
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            while (permit := self._take()) is None:
                time.sleep(_LOOK_SECONDS)
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
        return permit

    def release(self, permit: int) -> None:
        """Leave a permit to whoever is next; any thread may."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, permit)
            self._not_ours.add(permit)

    def _take(self) -> int | None:
        with self._lock:
            for permit in sorted(self._not_ours):
                with suppress(BlockingIOError, PermissionError):
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, permit)
                    self._not_ours.remove(permit)
                    return permit
        return None
