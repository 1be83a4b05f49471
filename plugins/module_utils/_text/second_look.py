# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second look at a page whose letters are unusual: in another language, or letters of a language gone wrong.

The first tables know the languages that most pages are in. The letters of another language are as unusual by them as
those of a page of which a recogniser got every fifth letter wrong. Two things tell them apart: by a table of all
languages the other language is usual, and the damaged page is even less so; and that one still has its small words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .characters import BASES, KINDS, SCRIPTS, Kind
from .common import SMALL_WORDS
from .trigrams import UNIT, WORLD_MODELLED
from .words import cost_of, is_sequence, is_unlikely

# Not the names of programs, which are not words: self.docdata(value), axis_x, /usr/share, row->next, UdfContext, $curl,
# laddr = here.
_RUN = re.compile(r"(?<![\w./\\$@%])(?<!->)(?<!::)[^\W\d_]{2,}(?![\w(\[=/\\]|->|::| =)")
_NAME = re.compile(r"[a-z][A-Z]")
_ANY_RUN = re.compile(r"[^\W\d_]{2,}")
# Of a program fewer of its runs of letters are words; a misread page of text has no more names than a sound one.
_FEWEST_WORDS_OF_PROSE = 0.6
_COMMAND_OF_TEX = re.compile(r"\\[A-Za-z]+")
_SHORTEST_WORD = 3
# How much less surprising the letters must be by the table of all languages, as a share of what is usual.
_LESS = 0.03
_LONG_WORD = 4
_FEWEST_LONG_WORDS = 20
_STRANGE = 1.25 * UNIT
# Languages that weigh most in the first table, so that a sound page has few strange words.
_WELL_KNOWN = frozenset({"en", "de", "fr", "it", "es"})
_LEAST_SMALL_WORDS = 0.06
_SMALL = {language: frozenset(words.split()) for language, words in SMALL_WORDS.items()}


class _Word(NamedTuple):
    """What a run of letters is worth; its size counts the end as a letter, and is 0 for two letters."""

    script: str
    word: str
    size: int = 0
    usual: int = 0
    world: int = 0
    unlikely: int = 0
    """How many more letters are in words of no language by the table of all languages."""
    is_long: bool = False
    is_strange: bool = False


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What changes by it: ``surprise`` and ``unlikely`` are added to the fields of these names."""

    surprise: int
    unlikely: int
    strange: float
    """Share of longer words with letters that the page's language, a well-known one, does not have in this order.

    Each word counts once. 0 for a program, whose names are of no language.
    """


def look_again(text: str) -> SecondLook:
    """Look at the words of a page, which may be any string, once more."""
    text = _without_marks(_COMMAND_OF_TEX.sub(" ", text))
    found = _RUN.findall(text)
    words: dict[str, list[_Word]] = defaultdict(list)
    for weighed in map(_weigh, found):
        if weighed:
            words[weighed.script].append(weighed)
    surprise = unlikely = 0
    strange = 0.0
    for script, some in words.items():
        _scripts, letters, sizes, usual, world, changes, _long, _odd = zip(*some, strict=True)
        less = sum(usual) - sum(world)
        if less >= _LESS * UNIT * sum(sizes):
            surprise -= less
            unlikely += sum(changes)
        elif script == "LATIN" and _is_prose(found, text) and _is_well_known(letters):
            strange = _share_of_strange(some, _names(found, text))
    return SecondLook(surprise, unlikely, strange)


# The words of languages without a table come again in each of a document's pages.
@lru_cache(maxsize=50_000)
def _weigh(run: str) -> _Word | None:
    """Return what a run of letters is worth, or nothing where it is a name, or not of one script with two tables."""
    script, *others = set(map(SCRIPTS.__getitem__, run))
    if others or script not in WORLD_MODELLED or _NAME.search(run) or is_sequence(run):
        return None
    word = "".join(map(BASES.__getitem__, run.lower()))
    if len(run) < _SHORTEST_WORD:
        return _Word(script, word)
    size = len(word) + 1
    usual, world = cost_of(run, word, script), cost_of(run, word, script, world=True)
    unlikely = size * (is_unlikely(run, size, world) - is_unlikely(run, size, usual))
    is_long = size > _LONG_WORD
    # A word of another language, on a page of two, is usual by the other table.
    return _Word(script, word, size, usual, world, unlikely, is_long, is_long and min(usual, world) > _STRANGE * size)


def _names(found: list[str], text: str) -> set[str]:
    """Return the runs of letters that the page has as names, too: what is a name once is no word anywhere."""
    return {run.lower() for run in Counter(_ANY_RUN.findall(text)) - Counter(found)}


def _share_of_strange(words: Sequence[_Word], names: set[str]) -> float:
    """Return the share of strange ones among the longer words, each counted once.

    A program has its few names again and again; no two misread words are alike.
    """
    some = {word for word in words if word.is_long and word.word not in names}
    return sum(word.is_strange for word in some) / max(len(some), _FEWEST_LONG_WORDS)


def _is_prose(found: list[str], text: str) -> bool:
    return sum(not _NAME.search(run) for run in found) >= _FEWEST_WORDS_OF_PROSE * len(_ANY_RUN.findall(text))


def _without_marks(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    marks = [char for char in set(text) if KINDS[char] is Kind.MARK]
    return text.translate(dict.fromkeys(map(ord, marks))) if marks else text


def _is_well_known(words: Sequence[str]) -> bool:
    """Tell whether a page's small words are those of a language that the table knows well, more than of any other."""
    counts = {language: sum(map(small.__contains__, words)) for language, small in _SMALL.items()}
    most = max(counts.values())
    best = {language for language, count in counts.items() if count == most}
    return most >= _LEAST_SMALL_WORDS * len(words) and best <= _WELL_KNOWN
