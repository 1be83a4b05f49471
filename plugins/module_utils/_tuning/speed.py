# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast documents were worked on while every worker had one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A document in a worker: from when to when, in seconds since the epoch, and its pages."""

    begin: float
    end: float
    pages: int


@dataclass(frozen=True)
class Speed:
    """What was got done, and in which time, in seconds since the epoch."""

    pages_per_second: float
    begin: float
    end: float


def speed_of(spans: Sequence[Span]) -> Speed:
    """Return the speed from the first document's begin until a worker ends one and there is none left to begin.

    What comes before, models that load, and after, workers that wait for the last ones, is nothing a run of days has.
    Of a document that goes on after that, the pages count by the part of its time.

    Args:
        spans: of the documents that succeeded, at least one, each of some time.
    """
    begin = min(span.begin for span in spans)
    last_begin = max(span.begin for span in spans)
    end = min(span.end for span in spans if span.end > last_begin)
    pages = sum(span.pages * (min(span.end, end) - span.begin) / (span.end - span.begin) for span in spans)
    return Speed(pages / (end - begin), begin, end)
