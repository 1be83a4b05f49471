# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about a run of letters."""

from __future__ import annotations

import re

from .characters import BASES, SCRIPTS
from .fields import LETTERS, ONE
from .trigrams import MODELLED, UNIT, surprise

# Two or three letters are as well a unit, a variable or an abbreviation.
_SHORTEST_WORD = 3
_SHORTEST_MIXED = 4
# FormatCellBorder, myDB and LibreOffice; PDFs.
_ORDERED = re.compile(r"[A-Z]?[a-z]+(?:[A-Z]{1,4}[a-z]+)*(?:[A-Z]{2,4})?|[A-Z]{2,}s")
_LONGEST_WORD = 45
_LONGEST_ACRONYM = 5
# Their letters follow no rule, and a list of them is text.
_ACRONYM_SURPRISE = 1.15 * UNIT
# Genes and proteins, by the letters of nucleotides and of amino acids.
_SHORTEST_SEQUENCE = 4
_FEWEST_LETTERS_OF_SEQUENCE = 2
_SEQUENCE = re.compile(r"[ACGTUN]+|[acgtun]+|[AC-IK-NP-TVWY]{10,}")
# What a font that has Greek in the places of Adobe's Symbol makes of a final sigma: thV, idiothtaV. Not keV.
_SYMBOL_SIGMA = re.compile(r"(?!.?eV$)[A-Za-z][a-z]+V")
# A word whose letters are, on average, this much more surprising than usual is none of a language.
_UNLIKELY = 1.75 * UNIT
_MIXED_SURPRISE = 3 * UNIT
# Letters from here on are in no table of single bytes; Vietnamese and Yoruba have many.
_LAST_OF_BYTES = "\u0250"
# As where bytes of Western Europe are read as Chinese: f眉r.
_WITHIN_WORD = re.compile("[a-z][\u3400-\u9fff][a-z]")
# They leave no space around words of other scripts.
_SPACELESS = frozenset(
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "THAI", "LAO"}
)
_RUN = ONE.runs
_WORD = ONE.words
_LETTER = ONE.word_letters
_SURPRISE = ONE.surprise
_UNLIKELY_LETTER = ONE.unlikely
_MIXED = ONE.mixed
_SIGMA = ONE.sigmas
_MISPLACED = ONE.misplaced_sigmas
_ACCENTED = ONE.accented
_LATIN = ONE.latin
_OTHER = ONE.other
_JUMBLED = ONE.jumbled
_MISCODED = ONE.miscoded


def count_letters(run: str, no_word: int = 0) -> int:
    """Return the packed counts of a run of letters without marks between them.

    Args:
        run: the letters.
        no_word: of how many letters they are no word, as beside digits.
    """
    if run.isascii():
        packed = _RUN + len(run) * _LATIN
        if len(run) < _SHORTEST_WORD or len(run) <= no_word or is_sequence(run):
            return packed
        if run[-1] == "V" and _SYMBOL_SIGMA.fullmatch(run):
            packed += _MISCODED
        if _is_jumbled(run):
            packed += _JUMBLED
        return packed + _count_word(run, run.lower(), "LATIN")
    script, *others = set(map(SCRIPTS.__getitem__, run))
    if others:
        scripts = [SCRIPTS[char] for char in run]
        return _RUN + sum([LETTERS.get(one, _OTHER) for one in scripts]) + _count_mixed(run, scripts)
    packed = _RUN + len(run) * LETTERS.get(script, _OTHER)
    if script == "LATIN":
        packed += sum(["\x7f" < char < _LAST_OF_BYTES for char in run]) * _ACCENTED
    if script not in MODELLED or len(run) < _SHORTEST_WORD or len(run) <= no_word:
        return packed
    return packed + _count_word(run, "".join(map(BASES.__getitem__, run.lower())), script)


def is_sequence(run: str) -> bool:
    """Tell whether these are nucleotides or amino acids."""
    return (
        len(run) >= _SHORTEST_SEQUENCE
        and _SEQUENCE.fullmatch(run) is not None
        and len(set(run)) >= _FEWEST_LETTERS_OF_SEQUENCE
    )


def _is_jumbled(run: str) -> bool:
    """Tell whether capitals are where a recogniser of Latin letters sees them in Greek: ``TEdTAON``, ``axdAovO``."""
    if len(run) < _SHORTEST_MIXED or run[1:].islower() or run.isupper():
        return False
    return _ORDERED.fullmatch(run) is None


def cost_of(run: str, word: str, script: str, world: bool = False) -> int:
    """Return how surprising a word is, in :data:`trigrams.UNIT` a letter of ordinary text.

    Args:
        run: the word as it is written.
        word: in the letters of the script's alphabet.
        script: one of :data:`trigrams.MODELLED`.
        world: see :func:`trigrams.surprise`.
    """
    cost = surprise(word, script, world)
    if len(run) <= _LONGEST_ACRONYM and run.isupper():
        return min(cost, int(_ACRONYM_SURPRISE * (len(word) + 1)))
    return cost


def is_unlikely(run: str, size: int, cost: int) -> bool:
    """Tell whether a run of letters is no word of a language; ``size`` counts the end as a letter."""
    # HTML, dNTP, NaCl
    is_acronym = len(run) <= _LONGEST_ACRONYM and not run[1:].islower()
    return size > _LONGEST_WORD or (cost > _UNLIKELY * size and not is_acronym)


def _count_word(run: str, word: str, script: str) -> int:
    cost = cost_of(run, word, script)
    size = len(word) + 1
    packed = _WORD + size * _LETTER + cost * _SURPRISE
    if is_unlikely(run, size, cost):
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
    is_spaceless = not MODELLED.issuperset(scripts) and len({*scripts} - _SPACELESS) < 2
    if (len(run) < _SHORTEST_MIXED or is_spaceless) and not _WITHIN_WORD.search(run):
        return 0
    changes = [place for place in range(1, len(run)) if scripts[place] != scripts[place - 1]]
    if len(changes) == 1 and scripts.count("GREEK") == 1 and "LATIN" in scripts:
        return 0
    packed = _WORD + (len(run) + 1) * _LETTER
    if len(changes) == 1 and changes[0] > 1 and run[changes[0]].isupper():
        return packed + (len(run) + 1) * UNIT * _SURPRISE
    return packed + _MIXED + (len(run) + 1) * (_MIXED_SURPRISE * _SURPRISE + _UNLIKELY_LETTER)
