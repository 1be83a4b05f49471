# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured of a page's text. Each measure is a share or a mean, and means the same for a page of any length."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from .characters import BASES, SCRIPTS
from .common import COMMON_CHARACTERS
from .fields import LETTERS, Counts, unpack
from .repetition import repeated
from .second_look import SecondLook, look_again
from .signs import share_of_signs
from .tokens import COUNTS
from .trigrams import UNIT, surprise

# What pipelines write where there is no text: <!-- image -->, <!-- formula-not-decoded -->, <!-- page 3 -->.
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Letters of an imagined page of ordinary text that a page is added to, so that a few words do not condemn it.
_PRIOR_LETTERS = 40
_PRIOR_WORDS = 6
# Of scripts without a table, whose words are not counted: names of keys and programs are few among them.
_LETTERS_A_WORD = 4
_SPACED_LETTERS = 20
# An initial, a page's number in letters and the labels of two axes are no noise yet.
_FEWEST_SCATTERED = 3
# What formulas are made of beside letters, each of which tells more than a digit does: a = b, f(x), x_1, α → 0.
_FORMULA_SIGN = re.compile(r"[=<>+\u2190-\u22ff]|\\(?=[a-z])|(?<=[^\W_])[(_^/](?=[^\W_])")
_OPERATOR = re.compile(r"[=<>+\u2190-\u22ff]")
_LETTERS_A_SIGN = 10
_SIGN_WEIGHT = 2
# Boxes and circles to be ticked, beside the letters of answers.
_BOX = re.compile("[□☐○◯◻✓✔☑▢]")
# Few pages of the languages that the tables know have more.
_USUAL_SURPRISE = 1.07
# Pages of text have fewer characters that are no letters.
_MANY_SIGNS = 0.3
_WELL_READ = frozenset(COMMON_CHARACTERS)
_CHARACTER = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")
_PRIOR_CHARACTERS = 40
_SHORT_RUN = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}(?![^\W\d_])")
_NO_LOOK = SecondLook(0, 0, 0.0)
_DAMAGE = attrgetter("lost", "private", "control", "symbols", "endless", "coded")
_BY_SCRIPT = attrgetter(*map(str.lower, LETTERS))


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one page. Shares are in 0..1."""

    characters: int
    """Visible characters, without comments; 0 where none is a letter, a digit or a sign of damage."""
    letters: int
    latin: float
    """Share of Latin letters, as those of the other scripts."""
    greek: float
    other: float
    """Share of letters of all other scripts."""
    foreign: float
    """Share of letters of scripts that none of the languages is written in."""
    words: int
    surprise: float
    """How unexpected the letters of words are, 1 being usual for the languages of their script."""
    unlikely: float
    """Share of words, by their letters, that are none of a language."""
    strange: float
    """Share of longer words, each counted once, with letters in an order that the page's language does not have.

    Where it is well known.
    """
    mixed: float
    """Share of words with letters of two scripts."""
    jumbled: float
    """Share of words with small letters and capitals in no order."""
    odd: float
    """Share of words with a symbol within, as bytes have that were decoded by the wrong table."""
    symbols: float
    """Share of symbols that bytes above ASCII are in the tables of Western Europe, among visible characters."""
    accented: float
    """Share of Latin letters that are not ASCII."""
    sigma: float
    """Share of words with a sigma that have a final one within, or the other one at their end."""
    miscoded: float
    """Share of words that end in the letter that a final sigma is in a font of symbols."""
    rare: float
    """Share of Chinese, Japanese and Korean characters that pages have few of, as bytes of other scripts become."""
    coded: float
    """Share of codes in the place of characters, such as &#945;, among visible characters."""
    signs: float
    """Share of visible characters in words of signs: boxes, dingbats, specks."""
    lost: float
    """Share of U+FFFD, and of question marks and names of glyphs in the place of letters, among visible characters."""
    private: float
    """Share of private-use code points."""
    control: float
    """Share of control characters, lone surrogates and unassigned code points."""
    spaced: float
    """Share of letters that stand alone, and make words when they are put together."""
    scattered: float
    """Share of letters that make no words, among all letters, digits and signs of formulas, where none are of use."""
    repeated: float
    """Share of the page that was there before."""


def measure(text: str, scripts: Collection[str] | None) -> Measures:
    """Return a page's measures.

    Args:
        text: any, lone surrogates too.
        scripts: those of the languages that the page may be in, as Unicode names them; ``None`` is any.
    """
    if "<!--" in text:
        text = _COMMENT.sub(" ", text)
    tokens = text.split()
    counts = unpack(sum(map(COUNTS.__getitem__, tokens)))
    characters = counts.visible
    by_script = _BY_SCRIPT(counts)
    letters: int = sum(by_script) + counts.other
    words = counts.words
    some = max(words, _PRIOR_WORDS)
    all_words = max(words + counts.other // _LETTERS_A_WORD, 2 * _PRIOR_WORDS)
    known = letters
    if scripts is not None:
        known = sum([count for name, count in zip(LETTERS, by_script, strict=True) if name in scripts])
        if not LETTERS.keys() >= set(scripts):
            known += counts.other
    size = max(characters, 1)
    letters_of_words = counts.word_letters + _PRIOR_LETTERS
    look = _NO_LOOK
    is_unusual = counts.surprise / UNIT + _PRIOR_LETTERS > _USUAL_SURPRISE * letters_of_words
    if is_unusual and letters > counts.greek + counts.other:
        look = look_again(text)
    unlikely = max(counts.unlikely + look.unlikely, 0)
    signs = share_of_signs(tokens, characters) if characters - letters > _MANY_SIGNS * characters else 0.0
    if not letters and not signs and not any(_DAMAGE(counts)) and not any(map(str.isalnum, text)):
        # Rules, leaders and bullets alone.
        characters = 0
    return Measures(
        characters=characters,
        letters=letters,
        latin=counts.latin / max(letters, 1),
        greek=counts.greek / max(letters, 1),
        other=(letters - counts.latin - counts.greek) / max(letters, 1),
        foreign=(letters - known) / max(letters, 1),
        words=words,
        surprise=((counts.surprise + look.surprise) / UNIT + _PRIOR_LETTERS) / letters_of_words,
        unlikely=unlikely / (letters_of_words + counts.other),
        strange=look.strange,
        mixed=counts.mixed / some,
        jumbled=counts.jumbled / all_words,
        odd=counts.odd / max(counts.runs, 2 * _PRIOR_WORDS),
        symbols=counts.symbols / size,
        accented=counts.accented / max(counts.latin, _PRIOR_LETTERS),
        sigma=counts.misplaced_sigmas / max(counts.sigmas, _PRIOR_WORDS),
        miscoded=counts.miscoded / all_words,
        rare=_rare(text) if counts.other else 0.0,
        coded=counts.coded / size,
        signs=signs,
        lost=counts.lost / size,
        private=counts.private / size,
        control=counts.control / size,
        spaced=_spaced(tokens, letters) if counts.singles > max(_SPACED_LETTERS, letters / 4) else 0.0,
        scattered=_scattered(text, letters, counts, counts.unlikely + look.unlikely)
        if counts.runs >= _FEWEST_SCATTERED
        else 0.0,
        repeated=max(repeated(tokens), counts.endless / size),
    )


def _rare(text: str) -> float:
    """Return the share of Chinese, Japanese and Korean characters that are not common."""
    characters = _CHARACTER.findall(text)
    return sum(char not in _WELL_READ for char in characters) / max(len(characters), _PRIOR_CHARACTERS)


def _spaced(tokens: list[str], letters: int) -> float:
    """Return the share of letters that stand alone, where they make words: the variables of formulas do not."""
    alone = [token for token in tokens if len(token) == 1 and token.isalpha()]
    if len(_OPERATOR.findall("".join(tokens))) * _LETTERS_A_SIGN > len(alone):
        return 0.0
    script = max({SCRIPTS[char] for char in alone}, key=[SCRIPTS[char] for char in alone].count)
    together = "".join(BASES[char.lower()] for char in alone if SCRIPTS[char] == script)
    if script not in LETTERS or surprise(together, script) > 1.65 * UNIT * len(together):
        return 0.0
    return len(alone) / letters


def _scattered(text: str, letters: int, counts: Counts, unlikely: int) -> float:
    """Return the share of letters that make no words, as a recogniser sees them in specks and scratches.

    Formulas and tables are letters, too, among signs and numbers.
    """
    sound = counts.word_letters - unlikely
    if 2 * sound > letters:
        return 0.0
    short = sum(len(run) for run in _SHORT_RUN.findall(text) if SCRIPTS[run[0]] in LETTERS)
    stray = short + unlikely
    others = sum(map(str.isdigit, text)) + _SIGN_WEIGHT * (len(_FORMULA_SIGN.findall(text)) + len(_BOX.findall(text)))
    return stray / max(stray + sound + others, 1)
