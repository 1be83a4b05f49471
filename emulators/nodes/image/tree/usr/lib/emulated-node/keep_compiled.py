# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loaded by each Python of a node at its start (``site``): keeps what is compiled of Ansible's modules.

A module comes as an archive of sources, with every task, and Python keeps nothing that it compiled of an archive: half
of what a task costs a node. Other archives, such as the shards' runner, are left as they are.
"""

from __future__ import annotations

import _imp
import contextlib
import importlib.util
import marshal
import os
import zipimport
from types import CodeType

# Everybody writes there, as in /tmp; what is kept is known by its source.
FOLDER = "/var/cache/emulated-node"
_ARCHIVE = "_payload.zip/"
_MAGIC = int.from_bytes(importlib.util.MAGIC_NUMBER, "little")
# zipimport asks for each file twice.
_loaded: dict[tuple[str, str], CodeType] = {}
_compile = zipimport._compile_source  # type: ignore[attr-defined]


def compile_once(path: str, source: bytes) -> CodeType:
    """Return the code of ``source``, a file at ``path`` inside an archive, as zipimport's own function does."""
    if _ARCHIVE not in path:
        return _compile(path, source)  # type: ignore[no-any-return]
    name = _imp.source_hash(_MAGIC, source).hex()
    if (path, name) not in _loaded:
        _loaded[path, name] = _kept_or_compiled(f"{FOLDER}/{name}", path, source)
    return _loaded[path, name]


def _kept_or_compiled(kept: str, path: str, source: bytes) -> CodeType:
    # Not by pathlib: to load it takes longer than all of this.
    try:
        with open(kept, "rb") as file:  # noqa: PTH123
            code: CodeType = marshal.load(file)  # noqa: S302
    except FileNotFoundError:
        code = _compile(path, source)
        # Inside a unit's sandbox nothing can be written there.
        with contextlib.suppress(OSError), open(f"{kept}.{os.getpid()}", "xb") as file:  # noqa: PTH123
            marshal.dump(code, file)
            file.flush()
            os.replace(file.name, kept)  # noqa: PTH105
    # Errors name the archive of this run.
    _imp._fix_co_filename(code, path)  # type: ignore[attr-defined]
    return code


zipimport._compile_source = compile_once  # type: ignore[attr-defined]
