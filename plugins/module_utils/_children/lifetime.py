# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letting no child process outlive its parent, or harm it by the memory it takes (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

# prctl(2), linux/prctl.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# linux/oom.h.
_OOM_SCORE_ADJ_MAX = 1000
# Loaded here: between fork and exec, where this may be called, it is too late to load anything.
_LIBC = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends, however it ends."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def be_killed_first() -> None:
    """Have the kernel kill this process, and what it starts, before any other when memory runs out."""
    # Where /proc is not there or may not be written, the kernel chooses by size.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE_ADJ_MAX))


def adopt_orphans() -> None:
    """Have processes that this one's descendants leave become its children, and not those of the machine's first."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with(parent: int) -> None:
    """Do the same in a process that ``parent`` started, and end now if that one is gone already."""
    die_with_parent()
    if os.getppid() != parent:
        raise SystemExit("The process that started this one is gone.")
