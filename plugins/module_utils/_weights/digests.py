# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file's content is, as its digest says."""

from __future__ import annotations

import hashlib
import re
from typing import BinaryIO

_DIGEST = re.compile("sha256:[0-9a-f]{64}|git:[0-9a-f]{40}")
_STEP_BYTES = 1 << 20


def is_digest(text: str) -> bool:
    """Whether this is a digest as lists have it."""
    return _DIGEST.fullmatch(text) is not None


def digest_of(content: BinaryIO, size: int, like: str) -> str:
    """Return the digest of the rest of ``content``, which has ``size`` bytes, of the same kind as ``like``."""
    kind = like.partition(":")[0]
    # As git names what a file has: not for its strength, but since nothing else is known of some files.
    is_git = kind == "git"
    hashing = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False) if is_git else hashlib.sha256()
    while step := content.read(_STEP_BYTES):
        hashing.update(step)
    return f"{kind}:{hashing.hexdigest()}"
