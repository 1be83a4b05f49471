# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node's root file system: an overlay on the image, or a copy of it on a disk that can be full and can grow."""

from __future__ import annotations

from pathlib import Path

from emulators.nodes import disks
from emulators.nodes.commands import run
from emulators.nodes.overlay import mount_overlay, unmount_below

# xfs is the file system of Amazon Linux; half of the disk is left for growpart.
_DISK_GIB = 4.0
_PARTITION_TABLE = "label: gpt\nstart=2048, size={sectors}, type=linux\n"
_SECTORS_PER_GIB = 2**21


def mount_overlay_root(image: list[Path], folder: Path) -> Path:
    """Mount a node's root as an overlay and return where."""
    root = folder / "root"
    mount_overlay(root, image, folder / "changes", folder / "work")
    return root


def make_root_disk(image: list[Path], file: Path, scratch: Path) -> None:
    """Write a partitioned disk file with the image on xfs, the partition half as large as the disk."""
    disks.make(file, _DISK_GIB)
    run("sfdisk", "--quiet", file, text=_PARTITION_TABLE.format(sectors=int(_DISK_GIB / 2 * _SECTORS_PER_GIB)))
    source = scratch / "source"
    try:
        device = disks.attach(file, partitioned=True)
        run("mkfs.xfs", "-q", partition(device))
        mount_overlay(source, image, scratch / "changes", scratch / "work")
        target = mount_disk_root(device, scratch)
        run("cp", "--archive", f"{source}/.", target)
    finally:
        unmount_below(scratch)
        disks.detach_all(file.parent)


def copy_root_disk(original: Path, folder: Path) -> None:
    """Give a node a root disk of its own."""
    run("cp", "--sparse=always", original, root_disk(folder))


def mount_disk_root(device: Path, folder: Path) -> Path:
    """Mount a node's root from its attached disk and return where."""
    root = folder / "root"
    root.mkdir(exist_ok=True)
    # All nodes' root disks are copies: xfs refuses a second file system with the same id unless it is told.
    run("mount", "-o", "nouuid", partition(device), root)
    return root


def root_disk(folder: Path) -> Path:
    """Return a node's root disk file, which exists where the node asked for one."""
    return folder / "root.disk"


def partition(device: Path) -> Path:
    """Return the first partition of a loop device."""
    return device.with_name(f"{device.name}p1")
