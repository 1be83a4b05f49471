# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes' image: Debian as the lower layer, the look of Amazon Linux 2023 on top; built once for each recipe."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emulators.nodes.commands import run
from emulators.nodes.disks import detach_all
from emulators.nodes.overlay import mount_overlay, unmount_below
from emulators.nodes.roots import make_root_disk
from emulators.nodes.stand_ins import build_repository, known_versions

_RECIPE = Path(__file__).parent / "image"
_BUILDERS = (Path(__file__), Path(__file__).parent / "stand_ins.py")
# Folders of the recipe with packages; each becomes a repository.
_REPOSITORIES = ("packages", "nvidia_packages")
_DISK_BUILDERS = (Path(__file__).parent / "roots.py",)
_DISK = "root.disk"


def cache_folder() -> Path:
    """Return the folder outside the checkout that keeps images and what running nodes write."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "glossapi-farm" / "nodes"


@dataclass(frozen=True)
class Image:
    """What nodes boot from.

    Attributes:
        layers: for an overlay, the topmost first.
        disk: the same on a partitioned disk.
    """

    layers: list[Path]
    disk: Path


def have_image() -> Image:
    """Return the image and build the parts that the recipe changed.

    Raises:
        RuntimeError: a part of the recipe failed.
    """
    images = cache_folder() / "images"
    images.mkdir(parents=True, exist_ok=True)
    with (images / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sources = _apt_sources()
        packages = _RECIPE / "debian_packages.txt"
        base = images / f"base-{_digest([packages], ' '.join(sources))}"
        _build_once(base, lambda target: _build_base(target, _words(packages), sources))
        files = sorted(file for file in _RECIPE.rglob("*") if file.is_file() and file != packages)
        top = images / f"top-{_digest([*files, *_BUILDERS], base.name)}"
        _build_once(top, lambda target: _build_top(target, base))
        disk = images / f"disk-{_digest(list(_DISK_BUILDERS), top.name)}"
        _build_once(disk, lambda target: _build_disk(target, [top / "layer", base]))
    return Image([top / "layer", base], disk / _DISK)


def _build_once(layer: Path, build: Callable[[Path], None]) -> None:
    """Build a layer beside its place, so that what an interrupted build left is never taken for it."""
    if layer.exists():
        return
    unfinished = layer.with_suffix(".unfinished")
    unmount_below(unfinished)
    detach_all(unfinished)
    shutil.rmtree(unfinished, ignore_errors=True)
    build(unfinished)
    unfinished.rename(layer)


def _build_base(target: Path, packages: list[str], sources: list[str]) -> None:
    suite = sources[0].split()[2]
    options = ("--quiet", "--variant=minbase", "--format=directory", f"--include={','.join(packages)}")
    run("mmdebstrap", *options, suite, target, text="\n".join(sources))


def _build_top(target: Path, base: Path) -> None:
    layer, root = target / "layer", target / "root"
    for folder in (layer, root):
        folder.mkdir(parents=True)
    mount_overlay(root, [base], layer, target / "work")
    try:
        run("cp", "--recursive", "--remove-destination", f"{_RECIPE / 'tree'}/.", root)
        for name in _REPOSITORIES:
            build_repository(_RECIPE / name, root / "usr/lib/emulated-node" / name, known_versions())
        run("chroot", root, "/bin/sh", text=(_RECIPE / "finish.sh").read_text())
    finally:
        unmount_below(target)


def _build_disk(target: Path, layers: list[Path]) -> None:
    target.mkdir()
    make_root_disk(layers, target / _DISK, target / "scratch")
    shutil.rmtree(target / "scratch")


def _apt_sources() -> list[str]:
    """Return this machine's own Debian sources, each a line of sources.list(5), its release first.

    Raises:
        RuntimeError: apt knows none.
    """
    listed = run(
        *("apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"),
        *("Created-By: Packages", "Origin: Debian"),
    )
    # The release comes first: its updates and security suites have a longer name.
    lines = sorted(set(listed.splitlines()), key=lambda line: (len(line.split()[2]), line))
    if not lines:
        raise RuntimeError("apt knows no source of Debian packages: is this Debian, and did `apt-get update` run?")
    return lines


def _words(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line and not line.startswith("#")]


def _digest(files: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_mode}\0".encode())
        digest.update(file.read_bytes())
    digest.update("\0".join(more).encode())
    return digest.hexdigest()[:16]
