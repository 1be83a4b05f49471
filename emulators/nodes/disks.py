# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that nodes have as disks, through loop devices."""

from __future__ import annotations

import json
import time
from pathlib import Path

from emulators.nodes.commands import run

_FREE_SECONDS = 300


def make(file: Path, gibibytes: float) -> None:
    """Make an empty, sparse disk file, in place of one that is there."""
    file.unlink(missing_ok=True)
    with file.open("wb") as output:
        output.truncate(int(gibibytes * 2**30))


def attach(file: Path, *, partitioned: bool = False) -> Path:
    """Attach a disk file to a free loop device, its partitions too, and return the device."""
    device = Path(run("losetup", "--find", "--show", file).strip())
    if partitioned:
        # Not every kernel reads partition tables by itself.
        run("partx", "--add", device)
    return device


def detach_all(folder: Path) -> None:
    """Detach every loop device whose file is, or was, below ``folder``."""
    listed = run("losetup", "--list", "--json", "--output", "NAME,BACK-FILE")
    for each in json.loads(listed)["loopdevices"] if listed.strip() else []:
        if (each["back-file"] or "").startswith(f"{folder}/"):
            device = Path(each["name"])
            if list(device.parent.glob(f"{device.name}p*")):
                _run_once_free("partx", "--delete", device)
            run("losetup", "--detach", device)


def _run_once_free(*command: str | Path) -> None:
    """Run ``command``, again while it fails: the kernel lets go of a dead node's mounts some time after the node.

    Raises:
        RuntimeError: it still fails after five minutes.
    """
    deadline = time.monotonic() + _FREE_SECONDS
    while True:
        try:
            run(*command)
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
