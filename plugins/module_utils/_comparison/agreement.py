# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much two readings of a page agree. Which of them is right it does not say."""

from __future__ import annotations

from .subsequence import common_length

# No page has so many; of a model that repeats itself for longer, what comes after says nothing more, and comparing all
# of it would take a minute.
_MOST_CHARACTERS = 50_000


def agreement(one: str, other: str) -> float:
    """Return twice the characters that both have in the same order, over those of both; 1 for the same.

    Spaces and ends of lines do not count. Of two texts without any other character it is 1. Unlike difflib's ratio this
    is exact, and of a page takes milliseconds however the two differ; of a longer text all after 50,000 characters
    counts as what the other has not.
    """
    first, second = "".join(one.split()), "".join(other.split())
    if first == second:
        return 1.0
    common = common_length(first[:_MOST_CHARACTERS], second[:_MOST_CHARACTERS])
    return 2 * common / (len(first) + len(second))
