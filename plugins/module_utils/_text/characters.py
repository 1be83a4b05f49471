# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character is to whoever reads a page: a letter of a script, part of ordinary text, or a sign of damage."""

from __future__ import annotations

import unicodedata
from enum import IntEnum

# The letters of each script that has a table of trigrams; accents are left out, as capitals have none.
ALPHABETS = {
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "GREEK": "αβγδεζηθικλμνξοπρστυφχψω",
    "CYRILLIC": "абвгдежзиклмнопрстуфхцчшщъыьэюяєіѕјљњћџђґ",
    "HEBREW": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ARABIC": "ءابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگی",
}
# Written by some for Greek letters (normalise.py); ligatures and letters that no decomposition leads to the alphabet.
_ALIASES = {
    "\u00b5": "μ",
    "\u2206": "δ",
    "\u2126": "ω",
    "ς": "σ",
    "ϐ": "β",
    "ϑ": "θ",
    "ϕ": "φ",
    "ϖ": "π",
    "ϱ": "ρ",
    "ϲ": "σ",
    "ß": "ss",
    "ẞ": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ſ": "s",
    "װ": "וו",
    "ױ": "וי",
    "ײ": "יי",
}
# Letters of less widely written languages of a script, each by the letter that it comes from.
_RELATED = {
    "a": "ɑɐʌ",
    "b": "ɓƃ",
    "d": "ɖɗ",
    "e": "ǝəɛɜ",
    "f": "ƒ",
    "g": "ɠɣǥ",
    "h": "ħɦ",
    "i": "ɨɩɪ",
    "j": "ɉɟ",
    "k": "ƙ",
    "l": "ƚɬʎɭ",
    "n": "ŋɲɳ",
    "o": "ɔɵɒ",
    "p": "ƥ",
    "r": "ɾɹʁɽ",
    "s": "ʃʂ",
    "t": "ŧƭʈ",
    "u": "ʉʊꞹ",
    "v": "ʋ",
    "y": "ƴ",
    "z": "ƶʒʐ",
    "а": "ә",
    "ае": "ӕ",
    "в": "ԝ",
    "г": "ғҕӷӻ",
    "д": "ԁ",
    "ж": "җ",
    "з": "ҙӡ",
    "и": "ӏ",
    "к": "қҡҟӄҝ",
    "л": "ԓӆ",
    "н": "ңҥӈӊԩ",
    "о": "өҩ",
    "п": "ҧԥ",
    "с": "ҫ",
    "т": "ҭ",
    "у": "үұ",
    "х": "һҳӿ",
    "ц": "ҵ",
    "ч": "ҷҹҽҿӌ",
    "ا": "ٱ",
    "ب": "ٻڀ",
    "ت": "ټٹٺٽ",
    "ج": "ڄ",
    "ح": "ځڅ",
    "د": "ډڈڋ",
    "ر": "ړڑ",
    "ز": "ږ",
    "س": "ښ",
    "ع": "ڠ",
    "ف": "ڤڦ",
    "ك": "ڭڪڬ",
    "گ": "ګڳڱ",
    "ن": "ڼںڽڻ",
    "ه": "ھہەۀۂۃ",
    "و": "ۆۇۈۋۉۅ",
    "ي": "ې",
    "ی": "ۍےۓێ",
}
_ALIASES |= {char: letter for letter, related in _RELATED.items() for char in related}
# Beside the categories below: what bytes of Greek become by the tables of Western Europe.
_ODD = frozenset("§¶•†‡‰±×÷¬√∞∂∑∏∫≈≠≤≥ªº‚„")


class Kind(IntEnum):
    """What a character is."""

    LETTER = 0
    """Of a script."""
    MARK = 1
    """Belongs to the letter before it: an accent, a vowel point, a soft hyphen."""
    DIGIT = 2
    PLAIN = 3
    """Punctuation, symbols of formulas, arrows and lines."""
    ODD = 4
    """A symbol that is ordinary on its own, and strange within a word."""
    ACCENT = 5
    """An accent that stands on its own."""
    LOST = 6
    """U+FFFD, where a character could not be decoded."""
    PRIVATE = 7
    """A private-use code point: the font knew what it is."""
    CONTROL = 8
    """A control character, a lone surrogate or a code point without a character."""


class _Kinds(dict[str, Kind]):
    def __missing__(self, char: str) -> Kind:
        self[char] = kind = _kind_of(char)
        return kind


class _Scripts(dict[str, str]):
    def __missing__(self, char: str) -> str:
        self[char] = script = _script_of(char)
        return script


class _Bases(dict[str, str]):
    def __missing__(self, char: str) -> str:
        self[char] = base = _base_of(char)
        return base


def _kind_of(char: str) -> Kind:
    if char in _ALIASES:
        return Kind.LETTER
    if char == "\ufffd":
        return Kind.LOST
    if char in _ODD:
        return Kind.ODD
    if char in "ˆ˜":
        return Kind.ACCENT
    if char in "\t\n\r\f\v":
        return Kind.PLAIN
    category = unicodedata.category(char)
    if category.startswith("L"):
        # Letters of formulas and ordinals are no part of words.
        return Kind.PLAIN if _script_of(char) in _NO_SCRIPT else Kind.LETTER
    return _KIND_OF_CATEGORY.get(category, Kind.PLAIN) if char > "\x7f" or category in {"Cc", "Nd"} else Kind.PLAIN


_KIND_OF_CATEGORY = {
    **dict.fromkeys(("Cc", "Cs", "Cn"), Kind.CONTROL),
    **dict.fromkeys(("Mn", "Mc", "Me", "Cf"), Kind.MARK),
    **dict.fromkeys(("Sc", "So", "No"), Kind.ODD),
    "Co": Kind.PRIVATE,
    "Nd": Kind.DIGIT,
    "Sk": Kind.ACCENT,
}
# First words of the names of letters that are symbols of formulas, or marks of other kinds.
_NO_SCRIPT = frozenset(
    [
        "MATHEMATICAL",
        "DOUBLE-STRUCK",
        "SCRIPT",
        "BLACK-LETTER",
        "FEMININE",
        "MASCULINE",
        "MODIFIER",
        "PLANCK",
        "ALEF",
        "BET",
        "GIMEL",
        "DALET",
    ]
)


def _script_of(char: str) -> str:
    """Return the first word of the character's name, which for a letter is its script."""
    name = unicodedata.name(_ALIASES.get(char, char)[0], "NONE")
    return name.removeprefix("FULLWIDTH ").split(" ", 1)[0]


def _base_of(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _ALIASES.get(char, char))
    return "".join(_ALIASES.get(part, part) for part in decomposed if not unicodedata.combining(part))


KINDS = _Kinds()
"""The kind of each character, found out when it is first met."""
SCRIPTS = _Scripts()
"""The script of each letter: ``LATIN``, ``GREEK``, ``CJK`` ..., as Unicode names it."""
BASES = _Bases()
"""A small letter without its accents: one or more of its alphabet, where it has one."""
