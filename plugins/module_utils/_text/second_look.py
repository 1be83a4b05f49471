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
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from .characters import BASES, KINDS, SCRIPTS, Kind
from .common import SMALL_WORDS
from .trigrams import MODELLED, UNIT, WORLD_MODELLED
from .words import cost_of, is_sequence, is_unlikely

# Not the names of programs, which are not words: self.docdata(value), axis_x, /usr/share, row->next, UdfContext.
_RUN = re.compile(r"(?<![\w./\\])(?<!->)(?<!::)[^\W\d_]{2,}(?![\w(\[=/\\]|->|::)")
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


# The words of languages without a table come again in each of a document's pages.
_cost = lru_cache(maxsize=50_000)(cost_of)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What changes by it: ``surprise`` and ``unlikely`` are added to the fields of these names."""

    surprise: int
    unlikely: int
    strange: float
    """Share of longer words with letters that the page's language, a well-known one, does not have in this order.

    0 for a program, whose names are of no language.
    """


def look_again(text: str) -> SecondLook:
    """Look at the words of a page, which may be any string, once more."""
    text = _without_marks(_COMMAND_OF_TEX.sub(" ", text))
    found = [run for run in _RUN.findall(text) if not _NAME.search(run)]
    is_prose = len(found) >= _FEWEST_WORDS_OF_PROSE * len(_ANY_RUN.findall(text))
    runs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for run in found:
        script, *others = {SCRIPTS[char] for char in run}
        if not others and script in MODELLED and not is_sequence(run):
            runs[script].append((run, "".join(map(BASES.__getitem__, run.lower()))))
    surprise = unlikely = 0
    strange = 0.0
    for script in WORLD_MODELLED.intersection(runs):
        words = [(run, word) for run, word in runs[script] if len(run) >= _SHORTEST_WORD]
        usual = [_cost(run, word, script, False) for run, word in words]
        world = [_cost(run, word, script, True) for run, word in words]
        sizes = [len(word) + 1 for _run, word in words]
        if sum(usual) - sum(world) >= _LESS * UNIT * sum(sizes):
            surprise += sum(world) - sum(usual)
            for (run, _word), size, before, now in zip(words, sizes, usual, world, strict=True):
                unlikely += size * (is_unlikely(run, size, now) - is_unlikely(run, size, before))
        elif script == "LATIN" and is_prose and _is_well_known([word for _run, word in runs[script]]):
            # A word of another language, on a page of two, is usual by the other table.
            long = [
                min(before, now) > _STRANGE * size
                for size, before, now in zip(sizes, usual, world, strict=True)
                if size > _LONG_WORD
            ]
            strange = sum(long) / max(len(long), _FEWEST_LONG_WORDS)
    return SecondLook(surprise, unlikely, strange)


def _without_marks(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return text
    return "".join(char for char in text if KINDS[char] is not Kind.MARK)


def _is_well_known(words: list[str]) -> bool:
    """Tell whether a page's small words are those of a language that the table knows well, more than of any other."""
    counts = {language: sum(map(small.__contains__, words)) for language, small in _SMALL.items()}
    most = max(counts.values())
    best = {language for language, count in counts.items() if count == most}
    return most >= _LEAST_SMALL_WORDS * len(words) and best <= _WELL_KNOWN
