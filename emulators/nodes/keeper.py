# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that keeps one node up: it mounts the node's root and boots the node, again whenever the node reboots.

It runs in a mount namespace of its own (``unshare --mount``). Were the root mounted for all to see, every node that
starts meanwhile would hold a copy of the mount, and its disk could not be let go of before that node ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from emulators.nodes import roots
from emulators.nodes.bridge import remove_link

# systemd-nspawn(1), exit status: the container asked to be rebooted.
_REBOOT = 133


@dataclass(frozen=True)
class Boot:
    """What a keeper is told, as JSON on its standard input.

    Attributes:
        machine: the node's name among all nodes of this machine.
        folder: takes all that the node writes.
        layers: the image's layers, the topmost first; empty where the root is on a disk.
        device: the disk that has the root, or nothing.
        files: what to write into the root before, by path.
        command: boots the node from ``root`` in the folder.
    """

    machine: str
    folder: str
    layers: list[str]
    device: str
    files: dict[str, str]
    command: list[str]

    def to_json(self) -> bytes:
        """Return what :func:`main` reads."""
        return json.dumps(asdict(self)).encode()


def keep(boot: Boot) -> int:
    """Boot the node until it ends otherwise than with a reboot; return the last status."""
    folder = Path(boot.folder)
    if boot.device:
        root = roots.mount_disk_root(Path(boot.device), folder)
    else:
        root = roots.mount_overlay_root([Path(layer) for layer in boot.layers], folder)
    for name, text in boot.files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text.rstrip("\n") + "\n")
    # systemd-nspawn locks the root by this name; seen from elsewhere the folder has another one.
    (folder / "lock").write_text(f"inode-{root.stat().st_dev}:{root.stat().st_ino}")
    while True:
        # The kernel removes a node's link some time after the node: a quick reboot may still find it.
        remove_link(f"vb-{boot.machine}")
        status = subprocess.run(boot.command, stdin=subprocess.DEVNULL, check=False).returncode
        if status != _REBOOT:
            return status


if __name__ == "__main__":
    sys.exit(keep(Boot(**json.load(sys.stdin))))
