# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a comparison comes to: how fast each backend was, what that costs, and how much of what it read is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import fmean

from .._formatting import SECONDS_PER_HOUR
from .._records.comparison import BackendRun, Reading
from .._text.quality import Verdict
from .agreement import agreement


class Outcome(StrEnum):
    """What became of a page with a backend, beside the others."""

    GOOD = "good"
    """Text, by the farm's measures."""
    POOR = "poor"
    """What was read is no text."""
    MISSED = "missed"
    """Nothing was read, where another backend has read text."""
    NOTHING = "nothing"
    """Nothing was read, and no other backend has read text there: a picture, perhaps."""
    GIVEN_UP = "given up"
    """The backend gave the page up; at stage ``ocr`` its text layer would be kept."""

    @property
    def is_poor(self) -> bool:
        """Whether something is to be read that was not."""
        return self in (Outcome.POOR, Outcome.MISSED, Outcome.GIVEN_UP)


@dataclass(frozen=True)
class Figures:
    """How one backend did.

    Attributes:
        pages: that it was asked for.
        outcomes: how many of them had each outcome.
        pages_per_second: of one GPU, or what stands for one; ``None`` where that was too short to be measured.
        usd_per_1000_pages: at the price of an hour of the node, of which a GPU has its share; ``None`` where the price
            is not known.
        poor_share: of the pages but those on which nobody has read anything, those of which no text came; ``None``
            where there is no such page.
    """

    pages: int
    outcomes: dict[Outcome, int]
    pages_per_second: float | None
    usd_per_1000_pages: float | None
    poor_share: float | None


def outcomes_of(readings: Mapping[str, Sequence[Reading]]) -> dict[str, dict[int, Outcome]]:
    """Return what became of each page, by its number, with each backend, by its name."""
    with_text = {
        reading.number for each in readings.values() for reading in each if reading.verdict == Verdict.GOOD.value
    }
    return {
        name: {reading.number: _outcome(reading, is_text=reading.number in with_text) for reading in each}
        for name, each in readings.items()
    }


def figures_of(run: BackendRun, outcomes: Mapping[int, Outcome]) -> Figures:
    """Return how a backend did that was compared.

    Args:
        run: what is known of it.
        outcomes: of its pages; see :func:`outcomes_of`.
    """
    counts = {outcome: list(outcomes.values()).count(outcome) for outcome in Outcome}
    asked = len(outcomes)
    rate = asked / run.seconds if run.seconds > 0 else None
    price = run.price_per_hour / run.slots / SECONDS_PER_HOUR
    shown = asked - counts[Outcome.NOTHING]
    return Figures(
        pages=asked,
        outcomes=counts,
        pages_per_second=rate,
        usd_per_1000_pages=1000 * price / rate if rate and price else None,
        poor_share=sum(count for outcome, count in counts.items() if outcome.is_poor) / shown if shown else None,
    )


def agreements_of(texts: Mapping[str, Mapping[int, str]]) -> dict[int, dict[tuple[str, str], float]]:
    """Return how much each two backends agree on each page that both have read, or found empty.

    Args:
        texts: by the backend's name, then by the page's number.
    """
    found: dict[int, dict[tuple[str, str], float]] = {}
    for one, other in combinations(texts, 2):
        for number in texts[one].keys() & texts[other].keys():
            found.setdefault(number, {})[one, other] = agreement(texts[one][number], texts[other][number])
    return found


def mean_agreements(agreements: Mapping[int, Mapping[tuple[str, str], float]]) -> dict[tuple[str, str], float]:
    """Return the mean over all pages of each two backends that have one in common."""
    pairs: dict[tuple[str, str], list[float]] = {}
    for page in agreements.values():
        for pair, share in page.items():
            pairs.setdefault(pair, []).append(share)
    return {pair: fmean(shares) for pair, shares in pairs.items()}


def _outcome(reading: Reading, *, is_text: bool) -> Outcome:
    if reading.failure:
        return Outcome.GIVEN_UP
    if reading.verdict == Verdict.GOOD.value:
        return Outcome.GOOD
    if reading.text.strip() and reading.verdict == Verdict.POOR.value:
        return Outcome.POOR
    return Outcome.MISSED if is_text else Outcome.NOTHING
