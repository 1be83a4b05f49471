# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comparison as lines for people, in words that its page has too."""

from __future__ import annotations

from collections.abc import Mapping

from .._formatting import align, counted, dollars, duration, one_line, percentage
from .._records.comparison import BackendRun
from .figures import Figures

_COLUMNS = ("backend", "pages a second, a GPU", "for 1,000 pages", "poor pages", "start", "workers", "pages")
_WORDS = ("backend", "pages")


def cells(run: BackendRun, figures: Figures) -> dict[str, str]:
    """Return how a backend did in words; empty where it is not known."""
    rate, price, poor = figures.pages_per_second, figures.usd_per_1000_pages, figures.poor_share
    return {
        "rate": "" if rate is None else f"{rate:.3g}",
        "price": "" if price is None else dollars(price),
        "poor": "" if poor is None else f"{percentage(poor)} %",
        "start": duration(run.start_seconds),
        "workers": str(run.workers),
        "outcomes": ", ".join(f"{count} {outcome.value}" for outcome, count in figures.outcomes.items() if count),
    }


def lines(
    pages: int,
    backends: Mapping[str, tuple[BackendRun, dict[str, str]]],
    agreements: Mapping[tuple[str, str], float],
) -> list[str]:
    """Return the comparison.

    Args:
        pages: that backends were compared on.
        backends: how each did, and that in words, none for one that could not be compared.
        agreements: the mean of each two.
    """
    rows = [(name, *words.values()) for name, (_run, words) in backends.items() if words]
    return [
        f"{counted(pages, 'page', 'pages')} through {counted(len(backends), 'backend', 'backends')}",
        *(align([_COLUMNS, *rows], _WORDS) if rows else []),
        *(
            f"{name} could not be compared: {one_line(run.problem)}"
            for name, (run, words) in backends.items()
            if not words
        ),
        *(f"{one} and {other} agree on {percentage(share)} %" for (one, other), share in agreements.items()),
    ]
