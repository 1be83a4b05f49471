# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlay mounts, and undoing every mount below a folder."""

from __future__ import annotations

from pathlib import Path

from emulators.nodes.commands import run


def mount_overlay(root: Path, lower: list[Path], upper: Path, work: Path) -> None:
    """Mount ``lower`` (the topmost first) at ``root``; what is written there lands in ``upper``.

    Raises:
        RuntimeError: the kernel refuses, for example because ``upper`` is on an overlay itself.
    """
    for folder in (root, upper, work):
        folder.mkdir(parents=True, exist_ok=True)
    layers = ":".join(str(each) for each in lower)
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={layers},upperdir={upper},workdir={work}", root)


def unmount_below(folder: Path) -> None:
    """Undo every mount at or below ``folder``, the last one first."""
    for mount in reversed(mounts_below(folder)):
        run("umount", mount)


def mounts_below(folder: Path) -> list[Path]:
    """Return what is mounted at or below ``folder``, in the order in which it was mounted."""
    points = (Path(line.split()[4]) for line in Path("/proc/self/mountinfo").read_text().splitlines())
    return [point for point in points if point == folder or folder in point.parents]
