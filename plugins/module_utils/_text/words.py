# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about a run of letters."""

from __future__ import annotations

import re

from .characters import BASES, SCRIPTS
from .fields import LETTERS, Field
from .trigrams import MODELLED, UNIT, surprise

# Two or three letters are as well a unit, a variable or an abbreviation.
_SHORTEST_WORD = 3
_SHORTEST_MIXED = 4
# FormatCellBorder, myDB and LibreOffice; PDFs.
_ORDERED = re.compile(r"[A-Z]?[a-z]+(?:[A-Z]{1,4}[a-z]+)*(?:[A-Z]{2,4})?|[A-Z]{2,}s")
_LONGEST_WORD = 45
_LONGEST_ACRONYM = 5
# A word whose letters are, on average, this much more surprising than usual is none of a language.
_UNLIKELY = 1.75 * UNIT
_MIXED_SURPRISE = 3 * UNIT
# Plain integers: arithmetic on members of an enumeration is several times slower.
_RUN = int(Field.RUNS)
_WORD = int(Field.WORDS)
_LETTER = int(Field.WORD_LETTERS)
_SURPRISE = int(Field.SURPRISE)
_UNLIKELY_LETTER = int(Field.UNLIKELY)
_MIXED = int(Field.MIXED)
_SIGMA = int(Field.SIGMAS)
_MISPLACED = int(Field.MISPLACED_SIGMAS)
_ACCENTED = int(Field.ACCENTED)
_LATIN = int(Field.LATIN)
_OTHER = int(Field.OTHER)
_JUMBLED = int(Field.JUMBLED)
_FIELDS = {script: int(field) for script, field in LETTERS.items()}


def count_letters(run: str) -> int:
    """Return the packed counts of a run of letters without marks between them."""
    if run.isascii():
        packed = _RUN + len(run) * _LATIN
        if len(run) < _SHORTEST_WORD:
            return packed
        return packed + _count_word(run, run.lower(), "LATIN") + _is_jumbled(run) * _JUMBLED
    script, *others = set(map(SCRIPTS.__getitem__, run))
    if others:
        scripts = [SCRIPTS[char] for char in run]
        return _RUN + sum([_FIELDS.get(one, _OTHER) for one in scripts]) + _count_mixed(run, scripts)
    packed = _RUN + len(run) * _FIELDS.get(script, _OTHER)
    if script == "LATIN":
        packed += len(run.encode("ascii", "ignore")) * -_ACCENTED + len(run) * _ACCENTED
    if script not in MODELLED or len(run) < _SHORTEST_WORD:
        return packed
    return packed + _count_word(run, "".join(map(BASES.__getitem__, run.lower())), script)


def _is_jumbled(run: str) -> bool:
    """Tell whether capitals are where a recogniser of Latin letters sees them in Greek: ``TEdTAON``, ``axdAovO``."""
    if len(run) < _SHORTEST_MIXED or run[1:].islower() or run.isupper():
        return False
    return _ORDERED.fullmatch(run) is None


def _count_word(run: str, word: str, script: str) -> int:
    cost = surprise(word, script)
    size = len(word) + 1
    packed = _WORD + size * _LETTER + cost * _SURPRISE
    # HTML, dNTP, NaCl
    is_acronym = len(run) <= _LONGEST_ACRONYM and not run[1:].islower()
    if size > _LONGEST_WORD or (cost > _UNLIKELY * size and not is_acronym):
        packed += size * _UNLIKELY_LETTER
    if "σ" in word:
        packed += _SIGMA
        if run[-1] == "σ" or "ς" in run[:-1]:
            packed += _MISPLACED
    return packed


def _count_mixed(run: str, scripts: list[str]) -> int:
    """Return the counts of a run of several scripts.

    Fewer than four letters are a unit or a variable with its index, as is one Greek letter before or after Latin ones
    (TNFα, λmax, sinθ); two words whose space was lost are two words; and Chinese and Japanese leave no space around
    Latin words.
    """
    if len(run) < _SHORTEST_MIXED or not MODELLED.issuperset(scripts):
        return 0
    changes = [place for place in range(1, len(run)) if scripts[place] != scripts[place - 1]]
    if len(changes) == 1 and scripts.count("GREEK") == 1 and "LATIN" in scripts:
        return 0
    packed = _WORD + (len(run) + 1) * _LETTER
    if len(changes) == 1 and changes[0] > 1 and run[changes[0]].isupper():
        return packed + (len(run) + 1) * UNIT * _SURPRISE
    return packed + _MIXED + (len(run) + 1) * (_MIXED_SURPRISE * _SURPRISE + _UNLIKELY_LETTER)
