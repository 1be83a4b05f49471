# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image was made of, as one digest: the same content gives the same, and any other another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Of the collection, what decides how a node becomes what it is: its locks, units, programs and library.
_FOLDERS = ("plugins", "roles")
_SUFFIXES_OF_NO_MATTER = frozenset({".pyc", ".md"})


def image_digest(content: Mapping[str, Any]) -> str:
    """Return the digest of what went into an image.

    Args:
        content: values of JSON, in any order.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def files_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of files by their names, in any order."""
    total = hashlib.sha256()
    for name in sorted(files):
        # Of a length each: no other names and contents give the same bytes.
        total.update(hashlib.sha256(name.encode()).digest())
        total.update(hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def collection_files(root: Path) -> dict[str, bytes]:
    """Return the collection's files that go into an image, by their names below its root."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(_files(root))}


def _files(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.suffix not in _SUFFIXES_OF_NO_MATTER:
                yield path
