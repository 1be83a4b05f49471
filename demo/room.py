# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the disk has room for the demo; the local S3 says of a full one that it has no volume that can be written."""

from __future__ import annotations

import shutil
from pathlib import Path

# What the demo writes, twice over. SeaweedFS takes nothing more where less than this share of the disk is free.
_BYTES = 300 * 2**20
_SHARE = 0.01


def check_room(folder: Path) -> None:
    """Refuse a disk that is as good as full.

    Raises:
        RuntimeError: it is.
    """
    usage = shutil.disk_usage(folder)
    needed = max(_BYTES, int(usage.total * _SHARE))
    if usage.free < needed:
        raise RuntimeError(
            f"the disk of {folder} is full: {usage.free >> 20:,} MiB are free, and {needed >> 20:,} MiB are needed, as "
            "the local S3 takes nothing where less than 1 % is free. Make room, and give the same command again."
        )
