# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the canary's page was read, and what is wrong with a pipeline that did not read it.

Letters and digits are compared, in their order: spaces, ends of lines and Markdown's signs are not what is looked at.
difflib compares them, since it is there on every node; the texts are short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..._text.characters import SCRIPTS
from ..._text.normalise import normalise
from ..._text.quality import Quality, Verdict, assess
from .text import TEXT

# What has to be right of the page, as a share; docs/testing.md has what recognisers reach.
LEAST_SIMILARITY = 0.9
# Of the page's share. A recogniser without Greek writes a Greek letter now and then, as for formulas.
_LEAST_GREEK = 0.5
_LANGUAGES = ("el", "en")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHOWN_CHARACTERS = 120


@dataclass(frozen=True)
class Reading:
    """What a pipeline made of the page.

    Attributes:
        similarity: twice the characters that both texts have in the same order, over those of both; 1 for the same.
        greek: the share of Greek letters among its letters; 0 where there is none.
        quality: of the text by itself.
        beginning: of the text, to show it.
    """

    similarity: float
    greek: float
    quality: Quality
    beginning: str


def read(markdown: str) -> Reading:
    """Return how well the Markdown has the text of the page."""
    text = normalise(_COMMENT.sub(" ", markdown)).text
    known, found = _characters(TEXT), _characters(text)
    # More than twice the page is wrong however it goes on, and a recogniser that repeats itself may write megabytes.
    matcher = SequenceMatcher(None, known, found[: 2 * len(known)], autojunk=False)
    similarity = 2 * sum(block.size for block in matcher.get_matching_blocks()) / (len(known) + len(found))
    return Reading(
        similarity=similarity,
        greek=_share_of_greek(found),
        quality=assess(text, languages=_LANGUAGES),
        beginning=" ".join(text.split())[:_SHOWN_CHARACTERS],
    )


def problem_of(reading: Reading, *, is_recognised: bool) -> str:
    """Return why a pipeline that reads like this is of no use, as a sentence; empty where it is.

    Args:
        is_recognised: whether the page was a scan, so that a recogniser has read it.
    """
    if not reading.beginning:
        return "no text came out."
    shown = f"It begins: {reading.beginning!r}."
    if reading.greek < _LEAST_GREEK * _share_of_greek(TEXT):
        who = "the recogniser has no Greek" if is_recognised else "the Greek letters of the text layer are lost"
        todo = " Give it a model of Greek." if is_recognised else ""
        return f"{who}: {reading.greek:.0%} of its letters are Greek, not {_share_of_greek(TEXT):.0%}. {shown}{todo}"
    if reading.similarity < LEAST_SIMILARITY:
        return f"{reading.similarity:.1%} of its characters are right, and {LEAST_SIMILARITY:.0%} have to be. {shown}"
    if reading.quality.verdict is not Verdict.GOOD:
        return f"its text is {reading.quality.verdict.value}, with a score of {reading.quality.score:.2f}. {shown}"
    return ""


def _characters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _share_of_greek(text: str) -> float:
    letters = [SCRIPTS[char] for char in text if char.isalpha()]
    return letters.count("GREEK") / len(letters) if letters else 0.0
