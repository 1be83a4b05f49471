# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words of several readings of a page differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .subsequence import common_places

# No page has so many; of a model that repeats itself for longer, what comes after says nothing more, and comparing all
# of it would take minutes, and a bit of memory for each word of one and word of the other.
_MOST_WORDS = 10_000
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
    one of the others does not have. Spaces and ends of lines do not count. Of two texts that are not the same, what
    comes after 10,000 words differs.
    """
    words = [text.split() for text in texts]
    differing: list[set[int]] = [set() for _text in texts]
    for number, other in enumerate(words[1:], start=1):
        if other == words[0]:
            continue
        places = common_places(words[0][:_MOST_WORDS], other[:_MOST_WORDS])
        differing[0].update(set(range(len(words[0]))) - {here for here, _there in places})
        differing[number].update(set(range(len(other))) - {there for _here, there in places})
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
