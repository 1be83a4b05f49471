# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a page's text is text: a verdict, a score, and the measures behind them.

A measure counts for nothing up to what good pages have, and condemns the page on its own at its limit; several that are
halfway there do so together. The limits stand in ``LIMITS``; ``benchmarks/quality`` says what they tell apart.

On the command line, ``python -m ansible_collections.glossapi.farm.plugins.module_utils._text.quality FILE...`` prints a
line of JSON for each file, taken as one page.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import fsum
from operator import attrgetter
from pathlib import Path

from .languages import scripts_of
from .measures import Measures, measure


class Verdict(StrEnum):
    """What a page or a document is."""

    GOOD = "good"
    """Text. It may be short, cut off, or of few words and many numbers."""
    POOR = "poor"
    """Characters that are not, or no longer, the text of the page."""
    EMPTY = "empty"
    """No text, though something is on the page."""
    BLANK = "blank"
    """No text, as nothing is on the page, or a picture alone."""

    @property
    def is_bad(self) -> bool:
        """Whether something is to be read that was not."""
        return self in (Verdict.POOR, Verdict.EMPTY)


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found out about a page: ``score`` is in 0..1, below 0.5 where text is poor, 0 where there is none."""

    verdict: Verdict
    score: float
    measures: Measures

    @property
    def says_nothing(self) -> bool:
        """Whether there is no more than a few signs and letters that make no words."""
        measures = self.measures
        is_short = measures.characters < _FEW_CHARACTERS and not measures.words and not measures.other
        return is_short or (measures.letters <= _FEW_LETTERS and _SCATTERED.excess(measures) >= 1)

    @property
    def worst(self) -> tuple[str, float]:
        """Which measure speaks most against the page, and its value; an empty name where none does."""
        limit = max(LIMITS, key=lambda limit: limit.excess(self.measures))
        if not limit.excess(self.measures):
            return "", 0.0
        return limit.measure, getattr(self.measures, limit.measure)

    def as_json(self) -> dict[str, object]:
        """Return plain values, as they are recorded: shares and means with four digits."""
        measures = {name: round(value, 4) for name, value in asdict(self.measures).items()}
        return {"verdict": self.verdict.value, "score": round(self.score, 4), "measures": measures}


@dataclass(frozen=True, slots=True)
class Limit:
    """From where a measure counts, and where it condemns a page on its own."""

    measure: str
    free: float
    poor: float

    def excess(self, measures: Measures) -> float:
        """Return how far the measure is on its way from ``free`` (0) to ``poor`` (1), and beyond."""
        value: float = getattr(measures, self.measure)
        return (value - self.free) / (self.poor - self.free) if value > self.free else 0.0


@dataclass(frozen=True, slots=True)
class DocumentQuality:
    """What a document's pages come to: ``score`` is the mean over all pages but the blank ones."""

    verdict: Verdict
    score: float
    pages: dict[Verdict, int]
    """How many pages have each verdict."""


# Letters that make no words, as a recogniser sees them in specks and scratches.
_SCATTERED = Limit("scattered", 0.60, 0.80)
LIMITS = (
    Limit("surprise", 1.08, 1.26),
    Limit("unlikely", 0.04, 0.16),
    Limit("strange", 0.10, 0.22),
    Limit("mixed", 0.01, 0.06),
    Limit("jumbled", 0.04, 0.25),
    Limit("odd", 0.005, 0.03),
    Limit("symbols", 0.06, 0.20),
    Limit("accented", 0.15, 0.42),
    Limit("sigma", 0.10, 0.50),
    Limit("miscoded", 0.01, 0.05),
    Limit("rare", 0.30, 0.50),
    Limit("coded", 0.05, 0.30),
    Limit("signs", 0.10, 0.30),
    Limit("lost", 0.005, 0.05),
    Limit("private", 0.01, 0.08),
    Limit("control", 0.01, 0.06),
    Limit("spaced", 0.10, 0.50),
    _SCATTERED,
    Limit("repeated", 0.20, 0.50),
    Limit("foreign", 0.10, 0.50),
)
# All at once, as a page is judged in half a millisecond.
_LIMITED = attrgetter(*(limit.measure for limit in LIMITS))
_SPANS = [(limit.free, limit.poor - limit.free) for limit in LIMITS]
# The number of a page that is a picture, a stray sign that a recogniser saw on a blank one.
_FEW_CHARACTERS = 8
# Specks and scratches; a page of letters that are not its text has more.
_FEW_LETTERS = 50
# A thesis has a plate or a signed page without text, and a page of symbols that no text layer gets right.
_BAD_SHARE = 0.1


def assess(
    text: str,
    *,
    languages: Iterable[str] | None = None,
    has_ink: bool = True,
    may_loop: bool = True,
    may_scatter: bool = True,
) -> Quality:
    """Return what one page's text is worth.

    Args:
        text: the page's text, as a text layer, a recogniser or docling's Markdown has it; any string at all.
        languages: codes (ISO 639-1) of those the page may be in. Text in a script that none of them is written in is
            poor. Without it any language is text; those of scripts that there is no table for (Chinese, for example)
            are then judged by everything but their words.
        has_ink: whether the page shows something that may be text. False for a blank page and for a full-page picture.
        may_loop: whether a model may have written it, which can lose its way. A text layer repeats only what the page
            does, as forms do, and ``repeated`` is left at 0.
        may_scatter: whether a recogniser may have seen letters in specks and scratches. On a page without pictures
            single letters are a drawing's labels, and ``scattered`` is left at 0.

    Raises:
        FarmError: a language is not known.
    """
    measures = measure(text, None if languages is None else scripts_of(languages))
    if not may_loop:
        measures = replace(measures, repeated=0.0)
    if not may_scatter:
        measures = replace(measures, scattered=0.0)
    load = fsum(
        [
            ((value - free) / span) ** 2
            for value, (free, span) in zip(_LIMITED(measures), _SPANS, strict=True)
            if value > free
        ]
    )
    quality = Quality(Verdict.GOOD if load < 1 else Verdict.POOR, 1 / (1 + load), measures)
    if not has_ink and quality.says_nothing:
        return Quality(Verdict.BLANK, 1.0, measures)
    if not measures.characters:
        return Quality(Verdict.EMPTY, 0.0, measures)
    return quality


def combine(pages: Sequence[Quality]) -> DocumentQuality:
    """Return a document's verdict.

    It is good where at most a tenth of the pages that are not blank are poor or empty. Otherwise it is poor, or empty
    where no page has text. A document of blank pages alone, or of none, is blank.
    """
    counts = Counter(page.verdict for page in pages)
    numbers = {verdict: counts[verdict] for verdict in Verdict}
    inked = len(pages) - counts[Verdict.BLANK]
    if not inked:
        return DocumentQuality(Verdict.BLANK, 1.0, numbers)
    score = fsum(page.score for page in pages if page.verdict is not Verdict.BLANK) / inked
    if counts[Verdict.EMPTY] == inked:
        verdict = Verdict.EMPTY
    else:
        is_good = counts[Verdict.POOR] + counts[Verdict.EMPTY] <= _BAD_SHARE * inked
        verdict = Verdict.GOOD if is_good else Verdict.POOR
    return DocumentQuality(verdict, score, numbers)


def main(arguments: Sequence[str]) -> int:
    """Print a line of JSON for each file, each of which is one page in UTF-8.

    Returns:
        The exit status: 0, 1 where a file cannot be read or is not UTF-8 (the others are assessed all the same), 2
        where no file is named.
    """
    if not arguments:
        print("usage: python -m ..._text.quality FILE...", file=sys.stderr)
        return 2
    status = 0
    for name in arguments:
        try:
            text = Path(name).read_bytes().decode()
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = "is not UTF-8: " if isinstance(error, UnicodeDecodeError) else "cannot be read: "
            print(f"{name}: {reason}{error}", file=sys.stderr)
            status = 1
        else:
            print(json.dumps({"file": name, **assess(text).as_json()}, ensure_ascii=False), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
