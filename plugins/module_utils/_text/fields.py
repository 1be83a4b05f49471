# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of many things in one integer, a field of bits for each.

Adding two such integers adds all their counts in one step of the interpreter, which is what makes a page cheap.
"""

from __future__ import annotations

import struct
from enum import Enum

# 4,294,967,295 of anything on a page.
_BITS = 32


class Field(int, Enum):
    """What is counted. Its value is one of it, in a packed integer."""

    VISIBLE = 1 << _BITS * 0
    """Characters that are no white space."""
    LATIN = 1 << _BITS * 1
    GREEK = 1 << _BITS * 2
    CYRILLIC = 1 << _BITS * 3
    HEBREW = 1 << _BITS * 4
    ARABIC = 1 << _BITS * 5
    OTHER = 1 << _BITS * 6
    """Letters of scripts without a table."""
    RUNS = 1 << _BITS * 7
    """Runs of letters of any length."""
    WORDS = 1 << _BITS * 8
    """Runs of at least three letters of scripts with a table."""
    WORD_LETTERS = 1 << _BITS * 9
    """Their letters, and one more each for its end."""
    SURPRISE = 1 << _BITS * 10
    """Of those letters, in :data:`trigrams.UNIT`."""
    UNLIKELY = 1 << _BITS * 11
    """Those letters in words that are none of a language."""
    MIXED = 1 << _BITS * 12
    """Words with letters of two scripts."""
    ODD = 1 << _BITS * 13
    """Tokens with a symbol, or a Latin capital with an accent, where only letters are in a word."""
    SIGMAS = 1 << _BITS * 14
    """Words with a sigma."""
    MISPLACED_SIGMAS = 1 << _BITS * 15
    """Words with a final sigma within, or the other one at their end."""
    ACCENTED = 1 << _BITS * 16
    """Latin letters that are not ASCII."""
    SINGLES = 1 << _BITS * 17
    """Tokens of a single letter."""
    LOST = 1 << _BITS * 18
    """U+FFFD, and question marks and names of glyphs in the place of letters."""
    PRIVATE = 1 << _BITS * 19
    CONTROL = 1 << _BITS * 20
    SYMBOLS = 1 << _BITS * 21
    """Symbols that bytes above ASCII are in the tables of Western Europe."""
    ENDLESS = 1 << _BITS * 22
    """Characters in runs of one character that nobody writes."""
    JUMBLED = 1 << _BITS * 23
    """Words with small letters and capitals in no order that names or programs have."""
    MISCODED = 1 << _BITS * 24
    """Latin words that end in the V that a final sigma is in a font of symbols."""
    CODED = 1 << _BITS * 25
    """Characters of codes in the place of letters that were not decoded, such as &#945; and \\u03b1."""


LETTERS = {field.name: field for field in (Field.LATIN, Field.GREEK, Field.CYRILLIC, Field.HEBREW, Field.ARABIC)}
"""The field of the letters of each script that has a table."""
_ALL = tuple(Field)
_LAYOUT = struct.Struct(f"<{len(_ALL)}I")


def unpack(packed: int) -> dict[Field, int]:
    """Return each field's count."""
    return dict(zip(_ALL, _LAYOUT.unpack(packed.to_bytes(_LAYOUT.size, "little")), strict=True))
