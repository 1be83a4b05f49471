# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, tables and foreign texts as people read them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

_MINUTE = 60
SECONDS_PER_HOUR = 60 * _MINUTE
_DAY = 24 * SECONDS_PER_HOUR


def duration(seconds: float) -> str:
    """Return a duration in its two largest units, as in ``2 d 3 h``, ``3 h 12 min`` or ``45 s``."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < SECONDS_PER_HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // SECONDS_PER_HOUR} h {whole % SECONDS_PER_HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // SECONDS_PER_HOUR} h"


def dollars(amount: float) -> str:
    """Return an amount of USD, as in ``$1,234.50``; below a dollar with three digits, as in ``$0.053``."""
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.3g}"


def percentage(share: float, digits: int = 1) -> str:
    """Return a share of 1 in per cent without the sign, rounded down: only all of it is 100."""
    # A share such as 0.57 is a little less than that as a float, and no digit that is shown.
    steps = math.floor(round(share * 100 * 10**digits, 9))
    return f"{steps / 10**digits:.{digits}f}"


def counted(number: int, one: str, more: str) -> str:
    """Return a number with its word, as in ``1 page`` or ``1,200 pages``."""
    return f"{number:,} {one if number == 1 else more}"


def align(rows: Sequence[Sequence[str]], words: Collection[str] = ()) -> list[str]:
    """Return the rows as lines with columns below each other.

    Args:
        rows: all of equal length; the first one names the columns.
        words: names of the columns that are aligned to the left; the others have numbers.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if name in words else cell.rjust(width)
            for name, cell, width in zip(rows[0], row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def printable(text: str) -> str:
    """Return the text with what cannot be seen, or changes how the rest is seen, written as an escape.

    A document's name, and what a node says, may hold control characters, marks that turn the direction of writing, and
    bytes that are no UTF-8.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def one_line(text: str | None) -> str:
    """Return a message in one line."""
    return printable(" ".join((text or "").split()))
