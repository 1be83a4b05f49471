# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping secrets, and what would drive a reader's terminal, out of logs and markers."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

# Of ASCII but tabs and the ends of lines, and of Latin-1 as UTF-8 has them.
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")
# Of progress that a program draws over and over in the same line, each is a line.
_LINE_END = re.compile(rb"\r\n?")


def masked(text: bytes, secrets: Iterable[str]) -> bytes:
    """Return the text with each secret replaced by asterisks and each control character by an escape.

    What is masked already stays as it is.
    """
    for secret in filter(None, secrets):
        text = text.replace(secret.encode(), b"***")
    return _CONTROL.sub(_escape, _LINE_END.sub(b"\n", text))


def _escape(control: re.Match[bytes]) -> bytes:
    return b"\\x%02x" % control[0][-1]


class MaskingFormatter(logging.Formatter):
    """Formats records as its parent does, and masks them.

    Args:
        form: the parent's format.
        secrets: see :func:`masked`.
    """

    def __init__(self, form: str, secrets: Iterable[str]) -> None:
        super().__init__(form)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines."""
        return masked(super().format(record).encode(errors="backslashreplace"), self._secrets).decode(errors="replace")
