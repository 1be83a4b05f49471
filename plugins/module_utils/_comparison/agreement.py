# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much two readings of a page agree. Which of them is right it does not say."""

from __future__ import annotations


def agreement(one: str, other: str) -> float:
    """Return twice the characters that both have in the same order, over those of both; 1 for the same.

    Spaces and ends of lines do not count. Of two texts without any other character it is 1. Unlike difflib's ratio this
    is exact, and takes milliseconds however the two differ.
    """
    first, second = "".join(one.split()), "".join(other.split())
    if first == second:
        return 1.0
    return 2 * _common(first, second) / (len(first) + len(second))


def _common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence, by a bit for each character of ``one`` (Hyyrö, 2004)."""
    places: dict[str, int] = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    everything = (1 << len(one)) - 1
    # A bit is 0 where the subsequence grows by that character.
    row = everything
    for character in other:
        matches = row & places.get(character, 0)
        row = (row + matches | row - matches) & everything
    return len(one) - row.bit_count()
