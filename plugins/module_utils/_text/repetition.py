# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a text says again what it said before, as a model does that has lost its way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

# Words that are said together once in a page of text, and again and again in a loop.
_WORDS = 4
# Two columns of yes and no are a table, not a loop.
_FEWEST_WORDS = 24
_NO_WORDS = frozenset("|–—−•·…")


# A form says again what its lines have in common, between what they have not: up to here it is asked how.
_MOST_OF_FORMS = 0.75
_FEW = 0.2
_LONGEST_PERIOD = 60


def repeated(tokens: Sequence[str]) -> float:
    """Return the share of runs of four words that were there before, in 0..1.

    Where that may be a form or a program, it is at most the share of words in a block that follows itself.

    Args:
        tokens: what is between white space; numbers, leaders and rules are left out, as tables repeat them.
    """
    # Digits and the punctuation that begins a token sort before the semicolon.
    words = [token for token in tokens if token[0] > ";" and token not in _NO_WORDS]
    runs = len(words) - _WORDS + 1
    if len(words) < _FEWEST_WORDS:
        return 0.0
    share = 1 - len(set(zip(words, words[1:], words[2:], words[3:], strict=False))) / runs
    return min(share, _in_loops(words)) if _FEW < share < _MOST_OF_FORMS else share


def _in_loops(words: Sequence[str]) -> float:
    """Return the greatest share of words that any one period makes the same as those before."""
    most = 0
    for period in range(1, min(_LONGEST_PERIOD, len(words) // 2) + 1):
        same = [one == other for one, other in zip(words, words[period:], strict=False)]
        lengths = (sum(1 for _ in run) for is_same, run in groupby(same) if is_same)
        most = max(most, sum(length for length in lengths if length >= max(period, _WORDS)))
    return most / len(words)
