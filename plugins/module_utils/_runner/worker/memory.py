# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the machine's memory a worker may take."""

from __future__ import annotations

import os

from ..config import RunConfig

# The rest is the supervisor's, the kernel's and what S3's clients keep.
_WORKERS_SHARE = 0.9


def memory_limit(config: RunConfig, *, alone: bool) -> int:
    """Return how many bytes a worker and what it has started may occupy.

    Args:
        config: says so, or leaves it to an even share of the machine's memory.
        alone: whether no other worker has a document meanwhile, so that it may have their shares.
    """
    if config.worker_memory_bytes:
        return config.worker_memory_bytes
    share = _WORKERS_SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(share if alone else share / len(config.worker_slots))
