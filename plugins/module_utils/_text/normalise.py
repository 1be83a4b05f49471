# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text as it is written: one way to write each Greek letter, and nothing else changed.

A rule is applied only where the letters around leave no other reading. Units and formulas keep their signs: the micro
sign of ``5 µm``, the increment of ``∆x``. Two known faults are left, as they have two readings each:

- a capital Ϋ in a small word (``γεννιοΫνται``): it is ύ there, ϋ in ``προΫπόθεση``, and ΰ in a few words;
- a final sigma within a word: it is σ in ``ςτάθμη``, but in ``τηςπόλης`` it shows where a space was lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

_GREEK = [
    char
    for char in map(chr, [*range(0x0386, 0x03CF), *range(0x1F00, 0x1FFD)])
    if unicodedata.category(char) in {"Ll", "Lu", "Lt"} and unicodedata.is_normalized("NFC", char)
]
_SMALL = "[" + "".join(char for char in _GREEK if char.islower()) + "]"
_CAPITAL = "[" + "".join(char for char in _GREEK if not char.islower()) + "]"
_LETTER = f"(?:{_SMALL}|{_CAPITAL})"
_NO_LATIN_BEFORE, _NO_LATIN_AFTER = "(?<![A-Za-z])", "(?![A-Za-z])"
_OHM = "\u2126"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text, and how often each rule changed it; rules that changed nothing are left out."""

    text: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    sign: str
    pattern: re.Pattern[str]
    letter: str


_RULES = (
    # U+00B5, of Latin-1. Unicode gives it the letter as its compatibility equivalent. Debian's Greek model of tesseract
    # writes it for μ in most places, and so do PDFs whose fonts name the glyph "mu". A unit has Latin letters after it
    # (µm, µg), or Ω (µΩ), a capital: so a small letter of Greek must follow, or any be before.
    _Rule(
        "micro sign",
        "\u00b5",
        re.compile(f"(?<={_LETTER})\u00b5{_NO_LATIN_AFTER}|{_NO_LATIN_BEFORE}\u00b5(?={_SMALL})"),
        "μ",
    ),
    # U+2206. Adobe's list of glyph names has "Delta" for it, and not for the letter, so that PDFs have ∆ΙΑΚΗΡΥΞΗ and
    # ∆ήμος. Before two letters of Greek it begins a word; among capitals it is within one. Before a Latin letter, a
    # digit, a space or one letter of Greek it may be a difference.
    _Rule(
        "increment",
        "\u2206",
        re.compile(
            f"(?<={_CAPITAL})\u2206(?={_CAPITAL})|(?<={_CAPITAL}{_CAPITAL})\u2206{_NO_LATIN_AFTER}"
            f"|{_NO_LATIN_BEFORE}(?<!{_SMALL})\u2206(?={_LETTER}{_LETTER})"
        ),
        "Δ",
    ),
    # U+03D0, the β that some fonts have within words. Unicode gives it the letter as its compatibility equivalent. ϑ, ϕ
    # and ϖ have that too, but are variables of their own beside θ, φ and π.
    _Rule(
        "beta symbol",
        "\u03d0",
        re.compile(f"(?<={_LETTER})\u03d0|\u03d0(?={_SMALL})"),
        "β",
    ),
)


def normalise(text: str) -> Normalised:
    """Return a text in NFC, with its Greek letters written one way; doing it again changes nothing.

    NFC itself makes the sign of the ohm (U+2126) the letter Ω everywhere: to Unicode they are the same.

    Args:
        text: any string; lone surrogates are left as they are.
    """
    counts: Counter[str] = Counter()
    if not unicodedata.is_normalized("NFC", text):
        counts["ohm sign"] = text.count(_OHM)
        text = text.replace(_OHM, "Ω")
        composed = unicodedata.normalize("NFC", text)
        counts["composed"] = sum(one != other for one, other in zip(text.split(), composed.split(), strict=True))
        text = composed
    changed = True
    while changed:
        # A sign beside another one is beside a letter once that is replaced.
        changed = False
        for rule in [rule for rule in _RULES if rule.sign in text]:
            text, count = rule.pattern.subn(rule.letter, text)
            counts[rule.name] += count
            changed = changed or bool(count)
    return Normalised(text, dict(+counts))
