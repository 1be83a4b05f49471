# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which glossAPI is installed."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path


def revision() -> str:
    """Return which glossAPI is installed: its version, and the commit where it is a checkout.

    Raises:
        ImportError: none is.
    """
    import glossapi

    try:
        version = metadata.version("glossapi")
    except metadata.PackageNotFoundError:
        version = "unknown"
    commit = commit_of(Path(str(glossapi.__file__)))
    return f"{version}+{commit}" if commit else version


def commit_of(file: Path) -> str:
    """Return the commit of the checkout that a file is in, an empty string where it is in none."""
    for folder in file.parents:
        git = folder / ".git"
        if (git / "HEAD").is_file():
            head = (git / "HEAD").read_text().strip()
            return _read_reference(git, head.removeprefix("ref: ")) if head.startswith("ref: ") else head
    return ""


def _read_reference(git: Path, name: str) -> str:
    if (git / name).is_file():
        return (git / name).read_text().strip()
    packed = git / "packed-refs"
    lines = packed.read_text().splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")
