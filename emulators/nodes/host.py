# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this machine can boot nodes, and installing what it lacks for that."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from emulators.debian_packages import install_missing

# A program and the Debian package that has it.
_PROGRAMS = {
    "createrepo_c": "createrepo-c",
    "ip": "iproute2",
    "losetup": "mount",
    "mkfs.xfs": "xfsprogs",
    "mmdebstrap": "mmdebstrap",
    "rpmbuild": "rpm",
    "sfdisk": "fdisk",
    "ssh": "openssh-client",
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
}
_NEEDED_FILES = {
    "/dev/loop-control": "this machine has no loop devices",
    "/proc/sys/net/ipv4": "this machine has no IPv4 network",
}


# The programs of one booted node have seven; many kernels allow a user 128, and units beyond that fail at their start.
_INOTIFY_INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")
_MOST_INSTANCES = 8192


def obstacle() -> str:
    """Return why nodes cannot be booted here, or nothing when they can or installing packages is all it takes."""
    if sys.platform != "linux":
        return f"nodes are booted by systemd-nspawn, which is for Linux, not {sys.platform}"
    if os.geteuid() != 0:
        return "booting nodes needs root"
    for file, reason in _NEEDED_FILES.items():
        if not Path(file).exists():
            return reason
    if "overlay" not in Path("/proc/filesystems").read_text().split():
        return "this kernel has no overlay file system"
    if shutil.which("apt-get") is None:
        return "the nodes' image is built from Debian packages, and this machine has no apt"
    return ""


def install_tools() -> list[str]:
    """Install the packages of the programs that are missing, and return them.

    Raises:
        RuntimeError: apt-get failed.
    """
    return install_missing(_PROGRAMS)


def raise_limits(limit: Path = _INOTIFY_INSTANCES) -> None:
    """Have this machine allow what dozens of nodes need; it stays so until the machine's next start."""
    if int(limit.read_text()) < _MOST_INSTANCES:
        limit.write_text(str(_MOST_INSTANCES))
