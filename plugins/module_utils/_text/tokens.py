# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about one token, a run of characters between white space.

Text repeats its tokens, so that each is looked at once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .characters import KINDS, Kind
from .fields import ONE
from .words import count_letters

# About 15 MB; a page has some hundred tokens.
_MOST_REMEMBERED = 100_000
# Longer ones are no words of a page, and each differs.
_LONGEST_REMEMBERED = 40
_AROUND_WORDS = ".,;:!()[]«»\u201c\u201d„\u2018\u2019'\"·–—…*|"
# One letter or digit again and again. Rules are as long, and leaders; a model that has lost its way goes on after that.
_ENDLESS = re.compile(r"([^\W_])\1{23,}|([^-_=*~\u2500-\u257f])\2{149,}")
# What readers of PDFs write for a glyph whose character the font does not tell: /g12/g7, /uni03B1, (cid:12), GLYPH<12>,
# glyph<c=3,font=/AAAAAB+Arial>; docling escapes the brackets. /T2/T3 after a word is a list.
_GLYPH_NAMES = re.compile(
    r"^(?:/[A-Za-z]{1,5}\d[0-9A-F]{0,4}){3,}|^(?:/(?:g|gid|glyph)\d+|/uni[0-9A-F]{4}){1,2}(?!\w)|(?:cid:\d+\W*)+"
    r"|(?:(?:GLYPH|glyph)(?:<|&lt;)[^\s>&]*(?:>|&gt;?)?)+"
)
# Codes that nothing decoded, as programs write for other programs.
_CODES = re.compile(
    r"(?:&#(?:\d{2,7}|[xX][0-9A-Fa-f]{2,6});?){2,}|(?:\\u[0-9A-Fa-f]{4}){2,}|(?:%[0-9A-F]{2}){4,}|(?:=[0-9A-F]{2}){4,}"
    r"|(?:\\[0-3][0-7]{2}){3,}"
)
# Proteins one above the other.
_ALIGNED = re.compile(r"[AC-IK-NP-TV-Y.*-]{20,}")
_ADDRESS = re.compile(r"://|^www\.|^doi:|\w@\w[\w-]*\.\w")
# TeX sets an accent before its letter, and text layers keep it so: k¨onnen. By another table it would be instead of it.
_BEARERS = frozenset("aeiouyıcszAEIOUY")
# Bytes above ASCII that no table made letters of.
_SYMBOLS = frozenset("¡¢£¤¥¦§¨©ª«¬®¯°±²³´¶¸¹º»¼½¾¿†‡‰‹›€™ƒ‚„…ˆ˜")
_LATIN_CAPITAL = re.compile("[À-ÞŒŠŽŸ]")
# First bytes of UTF-8 by the tables of Western Europe, which a symbol follows.
_LEADS = frozenset("ÂÃÎÏâ")
_CODE_SIGNS = frozenset("&\\%=")
# x12, 3ab, e4: of a code or a place on a board, no word.
_LONGEST_IN_NUMBER = 3
_LONGEST_WORD_OF_CAPITALS = 19
# By name: until Python 3.12 a look at a member of an enumeration is a call.
_LETTER, _MARK, _DIGIT, _LOST, _PRIVATE, _CONTROL = (
    Kind.LETTER,
    Kind.MARK,
    Kind.DIGIT,
    Kind.LOST,
    Kind.PRIVATE,
    Kind.CONTROL,
)
_SYMBOL, _ACCENT = Kind.ODD, Kind.ACCENT


class _Counts(dict[str, int]):
    """The packed counts of each token."""

    def __missing__(self, token: str) -> int:
        core = token.strip(_AROUND_WORDS)
        if core and core is not token and len(token) <= _LONGEST_REMEMBERED:
            around = token.replace(core, "", 1)
            packed = self[core] + len(around) * ONE.visible
            if not around.isascii():
                packed += sum(map(_SYMBOLS.__contains__, around)) * ONE.symbols
        elif token.isalpha() and len(token) > 1 and (token.isascii() or not any(map(KINDS.__getitem__, token))):
            packed = len(token) * ONE.visible + count_letters(token)
            if not token.isascii() and _LATIN_CAPITAL.search(token) and _is_odd(token, [_LETTER] * len(token)):
                packed += ONE.odd
        else:
            packed = _count(token)
        if len(token) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[token] = packed
        return packed


COUNTS = _Counts()
"""The packed counts of each token, worked out when it is first met."""


def _count(token: str) -> int:
    """Return all there is to count about a token that is not all letters."""
    kinds = [KINDS[char] for char in token]
    packed = len(token) * ONE.visible
    if max(kinds) >= _LOST:
        packed += kinds.count(_LOST) * ONE.lost
        packed += kinds.count(_PRIVATE) * ONE.private
        packed += kinds.count(_CONTROL) * ONE.control
    if "?" in token[:-1]:
        packed += token.count("?") * ONE.lost
    if len(token) > _LONGEST_REMEMBERED:
        packed += sum(len(run[0]) for run in _ENDLESS.finditer(token)) * ONE.endless
    if not token.isascii():
        packed += sum(map(_SYMBOLS.__contains__, token)) * ONE.symbols
    if "/" in token or ":" in token or "<" in token or "&" in token:
        packed += sum(len(names[0]) for names in _GLYPH_NAMES.finditer(token)) * ONE.lost
    if not _CODE_SIGNS.isdisjoint(token):
        packed += sum(len(codes[0]) for codes in _CODES.finditer(token)) * ONE.coded
    if _ADDRESS.search(token) or (len(token) > _LONGEST_WORD_OF_CAPITALS and _ALIGNED.fullmatch(token)):
        # These are letters, and no words.
        packed += kinds.count(_LETTER) * ONE.latin
    elif _LETTER in kinds:
        if len(token) == 1:
            packed += ONE.singles
        packed += _is_odd(token, kinds) * ONE.odd
        shortest = _LONGEST_IN_NUMBER if _DIGIT in kinds else 0
        packed += sum([count_letters(run, shortest) for run in _runs(token, kinds)])
    return packed


def _runs(token: str, kinds: list[Kind]) -> Iterator[str]:
    """Yield the runs of letters, without their marks."""
    run = ""
    for char, kind in zip(token, kinds, strict=True):
        if kind is _LETTER:
            run += char
        elif kind is not _MARK and run:
            yield run
            run = ""
    if run:
        yield run


def _is_odd(token: str, kinds: list[Kind]) -> bool:
    """Tell whether a symbol, or a Latin capital with an accent, is where only letters are in a word."""
    return not token.isascii() and any(
        (
            _is_out_of_place(char, kind, token[place - 1], token[place + 1 : place + 2], kinds[place + 1 : place + 2])
            for place, (char, kind) in enumerate(zip(token, kinds, strict=True))
            if place and char > "\x7f" and (kind is not _LETTER or _LATIN_CAPITAL.match(char))
        )
    )


def _is_out_of_place(char: str, kind: Kind, before: str, after: str, kind_after: list[Kind]) -> bool:
    if kind is _SYMBOL:
        return before in _LEADS or (before.islower() and kind_after in ([_LETTER], [_SYMBOL]))
    if kind is _ACCENT:
        return before.islower() and kind_after == [_LETTER] and after not in _BEARERS
    return char.isupper() and (before.islower() or (before.isalpha() and after.islower()))
