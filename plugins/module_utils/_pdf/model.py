# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counting the pages of one PDF asks for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ByteRange:
    """Bytes of a file, from ``start`` up to but not including ``end``."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """The number of bytes."""
        return self.end - self.start


@dataclass(frozen=True)
class PageCount:
    """The settled answer for one document.

    Attributes:
        pages: Number of pages; None where no number can be trusted.
        error: Empty when all is well, else ``class: short reason``. The classes are ``empty``,
            ``encrypted`` (a password is needed, or nothing here knows what it is encrypted by), ``no_pages`` and
            ``corrupt``, all without pages, and ``repaired``: the pages were found, but the file contradicts itself.
            The reason is in words of ours alone, so that the same file has the same row in every run.
    """

    pages: int | None
    error: str


@dataclass(frozen=True)
class Unsettled:
    """The structural reader cannot be certain: read the whole file with ``FallbackReader``.

    Attributes:
        reason: Why, in few words, for the log and for ``FallbackReader.count``.
    """

    reason: str
