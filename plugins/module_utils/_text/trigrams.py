# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How surprising a word's letters are, to somebody who knows the languages of its script."""

from __future__ import annotations

import base64
import zlib
from functools import cache

from .characters import ALPHABETS
from .trigram_tables import TABLES, TYPICAL, WORLD_TABLES, WORLD_TYPICAL

MODELLED = frozenset(TABLES)
"""Scripts that have a table."""
WORLD_MODELLED = frozenset(WORLD_TABLES)
"""Scripts that have a second table, of all languages that are written in them."""
UNIT = 32
"""What :func:`surprise` counts in: parts of what a letter of ordinary text has."""
_UNKNOWN_BITS = 14
# Polytonic Greek is read by the table of modern Greek, and more surprising by 12 %: both are to be near 1.
_ALLOWANCE = {"GREEK": 1.06}


@cache
def _table(script: str, world: bool) -> tuple[bytes, dict[str, int], int, float]:
    """Return a script's costs, the place of each letter, the alphabet's size with the edge, and units a bit."""
    alphabet = ALPHABETS[script]
    costs = zlib.decompress(base64.b85decode((WORLD_TABLES if world else TABLES)[script]))
    places = {char: number for number, char in enumerate(alphabet, start=1)}
    typical = WORLD_TYPICAL[script] if world else TYPICAL[script] * _ALLOWANCE.get(script, 1.0)
    return costs, places, len(alphabet) + 1, UNIT / typical


def surprise(word: str, script: str, world: bool = False) -> int:
    """Return how surprising the letters of a word are together, in :data:`UNIT` a letter of ordinary text.

    Args:
        word: letters without accents, as :data:`characters.BASES` has them; others cost as much as any letter can.
        script: one of :data:`MODELLED`.
        world: by the table of all languages of the script, one of :data:`WORLD_MODELLED`.

    Returns:
        about ``UNIT * (len(word) + 1)`` for a word that there is: the end of a word counts as a letter.
    """
    costs, places, size, unit = _table(script, world)
    pair = bits = 0
    cells = len(costs)
    for char in word:
        place = places.get(char)
        if place is None:
            bits += _UNKNOWN_BITS
            pair = 0
        else:
            cell = pair + place
            bits += costs[cell]
            pair = cell * size % cells
    return round((bits + costs[pair]) * unit)
