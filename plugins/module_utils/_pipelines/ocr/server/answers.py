# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model answered of a page: made fit to be kept, and whether it can be a whole page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...._text.repetition import repeated
from .markdown import to_markdown

# Of the answer's runs of words. Tables and verse say things again, but not most of what they say.
_MOST_REPEATED = 0.6
# The end of an answer that goes round in circles without spaces.
_TAIL_CHARACTERS = 600
_LONGEST_PERIOD = 120
# Where a model says that it stopped by itself.
_FINISHED = "stop"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Answer:
    """An answer to one request.

    Attributes:
        text: what stands on the page, as the model wrote it.
        finish_reason: why it ended, as the server says: ``stop``, ``length`` at the limit of tokens, or another.
    """

    text: str
    finish_reason: str

    @property
    def is_blank(self) -> bool:
        """Whether it says, all of it, that nothing stands on the page."""
        return self.finish_reason == _FINISHED and not self.text.strip()


def problem_of(answer: Answer) -> str:
    """Return why an answer cannot be the whole page, as part of a sentence; empty where it can."""
    if answer.finish_reason != _FINISHED:
        return f"its answer was cut off ({answer.finish_reason}, after {len(answer.text)} characters)"
    # Marks of a form's empty cells are all the same, and are not what is read.
    if repeats(to_markdown(answer.text)):
        return "its answer repeats itself"
    return "its answer is empty" if answer.is_blank else ""


def repeats(text: str) -> bool:
    """Whether a model has lost its way in this Markdown: most of it, or all of its end, is what was said before."""
    if repeated(text.split()) > _MOST_REPEATED:
        return True
    tail = text.rstrip()[-_TAIL_CHARACTERS:]
    # Leaders, rules and the frames of tables have no letters.
    if len(tail) < _TAIL_CHARACTERS or not any(map(str.isalpha, tail)):
        return False
    return any(tail[period:] == tail[:-period] for period in range(1, _LONGEST_PERIOD + 1))


def cleaned(text: str) -> str:
    """Return a text without what no file of text may have: control characters, and halves of characters."""
    return _HALF_CHARACTER.sub("�", _CONTROL.sub("", text.replace("\r\n", "\n")))
