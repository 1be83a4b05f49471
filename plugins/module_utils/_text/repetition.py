# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a text says again what it said before, as a model does that has lost its way."""

from __future__ import annotations

from collections.abc import Sequence

# Words that are said together once in a page of text, and again and again in a loop.
_WORDS = 4
# Two columns of yes and no are a table, not a loop.
_FEWEST_WORDS = 24
_NO_WORDS = frozenset("|–—−•·…")


def repeated(tokens: Sequence[str]) -> float:
    """Return the share of runs of four words that were there before, in 0..1.

    Args:
        tokens: what is between white space; numbers, leaders and rules are left out, as tables repeat them.
    """
    # Digits and the punctuation that begins a token sort before the semicolon.
    words = [token for token in tokens if token[0] > ";" and token not in _NO_WORDS]
    runs = len(words) - _WORDS + 1
    if len(words) < _FEWEST_WORDS:
        return 0.0
    return 1 - len(set(zip(words, words[1:], words[2:], words[3:], strict=False))) / runs
