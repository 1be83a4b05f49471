# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock that a supervisor holds while it lives: two on one machine never work on one shard."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

POLL_SECONDS = 0.1
_ATTEMPTS = 5


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock; a process id that was used again cannot deceive."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who look at the same time do not take each other for a supervisor.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def take_lock(path: Path) -> int | None:
    """Return the locked descriptor of the file, now empty, or ``None`` where another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for _attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Perhaps held for a moment only, by one who looks whether a supervisor runs.
            time.sleep(POLL_SECONDS)
        else:
            os.truncate(descriptor, 0)
            return descriptor
    os.close(descriptor)
    return None


def name_holder(descriptor: int, process_id: int) -> None:
    """Write into the locked file which process holds it."""
    os.pwrite(descriptor, str(process_id).encode(), 0)
