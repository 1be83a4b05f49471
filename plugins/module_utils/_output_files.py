# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module or a command writes for people where it runs: its log and a copy of its result."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import BinaryIO

from ._errors import FarmError
from ._files import copy_atomically, same_content

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def send_log(logger: logging.Logger, handler: logging.Handler, level: str) -> None:
    """Have the handler alone take the logger's messages from ``level`` on, each with its time."""
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False


def append_log(logger: logging.Logger, path: str, level: str) -> None:
    """Have the logger's messages appended to the file at ``path``, and shown nowhere else.

    Raises:
        FarmError: the file cannot be written.
    """
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise FarmError(f"Cannot write log_file {path}: {error.strerror}.") from error
    send_log(logger, handler, level)


def check_folder(path: Path) -> None:
    """Refuse an output whose folder is not there, before the work that it is to have.

    Raises:
        FarmError: it is not; the message names it.
    """
    if not path.parent.is_dir():
        raise FarmError(f"Cannot write output_file {path}: there is no folder {path.parent}. Make it, or name another.")


def write_output(path: Path, content: bytes) -> bool:
    """Make ``content`` the file at ``path``, in one step, and return whether it was another.

    Raises:
        FarmError: the file cannot be written.
    """
    return copy_output(path, io.BytesIO(content))


def copy_output(path: Path, content: BinaryIO) -> bool:
    """Make what the stream has, from its start, the file at ``path``, as :func:`write_output` does.

    Raises:
        FarmError: the file cannot be written.
    """
    try:
        if path.exists():
            with path.open("rb") as present:
                if same_content(present, content):
                    return False
            content.seek(0)
        copy_atomically(path, content, mode=0o644)
    except OSError as error:
        raise FarmError(f"Cannot write output_file {path}: {error.strerror}.") from error
    return True
