# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of many things in one integer, a field of bits for each.

Adding two such integers adds all their counts in one step of the interpreter, which is what makes a page cheap.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

# 4,294,967,295 of anything on a page.
_BITS = 32


class Counts(NamedTuple):
    """What is counted."""

    visible: int
    """Characters that are no white space."""
    latin: int
    greek: int
    cyrillic: int
    hebrew: int
    arabic: int
    other: int
    """Letters of scripts without a table."""
    runs: int
    """Runs of letters of any length."""
    words: int
    """Runs of at least three letters of scripts with a table."""
    word_letters: int
    """Their letters, and one more each for its end."""
    surprise: int
    """Of those letters, in :data:`trigrams.UNIT`."""
    unlikely: int
    """Those letters in words that are none of a language."""
    mixed: int
    """Words with letters of two scripts."""
    odd: int
    """Tokens with a symbol, or a Latin capital with an accent, where only letters are in a word."""
    sigmas: int
    """Words with a sigma."""
    misplaced_sigmas: int
    """Words with a final sigma within, or the other one at their end."""
    accented: int
    """Latin letters that are not ASCII."""
    singles: int
    """Tokens of a single letter."""
    lost: int
    """U+FFFD, and question marks and names of glyphs in the place of letters."""
    private: int
    control: int
    symbols: int
    """Symbols that bytes above ASCII are in the tables of Western Europe."""
    endless: int
    """Characters in runs of one character that nobody writes."""
    jumbled: int
    """Words with small letters and capitals in no order that names or programs have."""
    miscoded: int
    """Latin words that end in the V that a final sigma is in a font of symbols."""
    coded: int
    """Characters of codes in the place of letters that were not decoded, such as &#945; and \\u03b1."""


# No enumeration: until Python 3.12 a look at one of its members is a call.
ONE = Counts(*(1 << _BITS * number for number in range(len(Counts._fields))))
"""One of each, as a packed integer."""
LETTERS = {
    "LATIN": ONE.latin,
    "GREEK": ONE.greek,
    "CYRILLIC": ONE.cyrillic,
    "HEBREW": ONE.hebrew,
    "ARABIC": ONE.arabic,
}
"""One letter of each script that has a table, as a packed integer."""
_LAYOUT = struct.Struct(f"<{len(ONE)}I")


def unpack(packed: int) -> Counts:
    """Return each count."""
    return Counts._make(_LAYOUT.unpack(packed.to_bytes(_LAYOUT.size, "little")))
