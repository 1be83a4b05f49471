# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words of several readings of a page differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_PARTS = re.compile(r"\s+|\S+")


class Piece(NamedTuple):
    """Part of a text.

    Attributes:
        text: words with what stands between them.
        differs: whether another reading has something else there.
    """

    text: str
    differs: bool


def mark(texts: Sequence[str]) -> list[list[Piece]]:
    """Return each text in pieces that follow each other.

    All are compared with the first one: of the others what that does not have there differs, and of the first what
    one of the others does not have. Spaces and ends of lines do not count.
    """
    words = [text.split() for text in texts]
    differing: list[set[int]] = [set() for _text in texts]
    for number, other in enumerate(words[1:], start=1):
        # With difflib's own rule for words that are all over a long text, without which one that says the same
        # thousands of times would take minutes.
        for what, start, end, other_start, other_end in SequenceMatcher(None, words[0], other).get_opcodes():
            if what != "equal":
                differing[0].update(range(start, end))
                differing[number].update(range(other_start, other_end))
    return [_pieces(text, those) for text, those in zip(texts, differing, strict=True)]


def _pieces(text: str, differing: set[int]) -> list[Piece]:
    """Return the text in as few pieces as tell which of its words differ."""
    return list(_joined(_parts(text, differing)))


def _parts(text: str, differing: set[int]) -> Iterable[Piece]:
    word = -1
    for part in _PARTS.findall(text):
        if part.isspace():
            # What stands between two words that differ is marked with them.
            yield Piece(part, word in differing and word + 1 in differing)
        else:
            word += 1
            yield Piece(part, word in differing)


def _joined(parts: Iterable[Piece]) -> Iterable[Piece]:
    texts: list[str] = []
    differs = False
    for part in parts:
        if texts and part.differs is not differs:
            yield Piece("".join(texts), differs)
            texts = []
        texts.append(part.text)
        differs = part.differs
    if texts:
        yield Piece("".join(texts), differs)
