# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs that stand where words should: glyphs that a font does not have, dingbats, a recogniser's specks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

# What is drawn for a glyph that is not there. Boxes to fill in are a row after a question, words of them are together.
_NO_GLYPH = frozenset("□■▯▮▢☐◻◼▪▫●○•·¤")
_FEWEST_TOGETHER = 2
# Words of symbols differ from sign to sign; arrows, stars and rules do not.
_FEWEST_SYMBOLS = 3
# Programs have short words of signs, }); and !==; dust has none of their brackets, and a few letters that look like it.
_FEWEST_DIFFERENT = 4
_SHORTEST = 6
_SHORTEST_DUST = 5
_DUST = frozenset("-_~'`´\u2018\u2019.,:;|\\/!\"*^°·=\u201c\u201d„‚«»©®™¬¦—–ilIjJtfr1")


def share_of_signs(tokens: Sequence[str], characters: int) -> float:
    """Return the share of characters in words of signs, in 0..1.

    Args:
        tokens: what is between white space.
        characters: how many these are together.
    """
    found = 0
    for is_missing, some in groupby(tokens, key=_is_missing):
        words = list(some)
        if is_missing and len(words) >= _FEWEST_TOGETHER:
            found += sum(map(len, words))
        elif not is_missing:
            found += sum(len(word) for word in words if _is_of_signs(word))
    return found / max(characters, 1)


def _is_missing(token: str) -> bool:
    return token[0] in _NO_GLYPH and len(token) > 1 and _NO_GLYPH.issuperset(token)


def _is_of_signs(token: str) -> bool:
    if len(token) < _FEWEST_SYMBOLS or token.isalnum():
        return False
    if token.isascii() and (len(token) < _SHORTEST_DUST or (token[0].isalnum() and token[0] not in _DUST)):
        return False
    signs = {char for char in token if not char.isalnum() and not "\u2500" <= char <= "\u259f"}
    is_all_signs = len(token) >= _SHORTEST and not any(map(str.isalnum, token))
    is_dust = len(token) >= _SHORTEST_DUST and _DUST.issuperset(token)
    return (len(signs) >= _FEWEST_DIFFERENT and (is_all_signs or is_dust)) or _is_of_dingbats(token)


def _is_of_dingbats(token: str) -> bool:
    """Tell whether there are several symbols in a word, and no letter; some dingbats are digits."""
    if token.isascii() or any(map(str.isalpha, token)):
        return False
    symbols = {char for char in token if char > "\x7f" and unicodedata.category(char) in ("So", "Sm", "No")}
    return len([char for char in symbols if not "\u2500" <= char <= "\u259f"]) >= _FEWEST_SYMBOLS
