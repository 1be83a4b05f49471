# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dividing a long document, so that no slot holds the end up with it while others have nothing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .fetcher import Fetched
from .ranges import Ranges

# Of what each slot would have to do of all that nobody has begun: with less no document makes others wait at the end.
_SHARE = 0.5


def divide(fetched: Fetched, *, least: int, slots: int, pages_left: int) -> list[Fetched]:
    """Return the ranges of a document that is too long for one slot; empty for one that is not.

    What is to have its worker, its GPU or the machine to itself stays whole: it has no use of other slots.

    Args:
        fetched: the document.
        least: pages of a range, see :meth:`PipelineKind.range_pages`; 0 where documents are not divided.
        slots: that share the work.
        pages_left: of all other documents that nobody has begun.
    """
    attempt = fetched.attempt
    pages = fetched.handed_on.marker.open_pages if fetched.handed_on else ()
    is_apart = attempt.own_worker or attempt.alone or attempt.is_suspect or attempt.ranges
    if is_apart or not least or len(pages) <= least or slots < 2:
        return []
    if len(pages) <= _SHARE * (len(pages) + pages_left) / slots:
        return []
    parts = split(pages, least=least, slots=slots)
    ranges = Ranges(len(parts), attempt.number, attempt.last, attempt.tried, attempt.seconds)
    return [
        # The document is on the disk once.
        replace(
            fetched,
            attempt=replace(attempt, seconds=0.0, ranges=ranges, part=part),
            bytes=fetched.bytes // len(parts),
        )
        for part in parts
    ]


def split(pages: Sequence[int], *, least: int, slots: int) -> list[tuple[int, ...]]:
    """Return the pages in ranges that get smaller, so that slots that take one after the other end together.

    Args:
        pages: numbers of pages.
        least: how many a range has, or a multiple of that, but for the last.
        slots: that take them.
    """
    parts = []
    while pages:
        size = max(1, len(pages) // (2 * slots * least)) * least
        parts.append(tuple(pages[:size]))
        pages = pages[size:]
    return parts


def composition(part: Fetched, ranges: Ranges) -> Fetched:
    """Return what is left to do of a document whose ranges are recognised.

    Args:
        part: any of them, as it was divided.
        ranges: all of them.
    """
    attempt = replace(
        part.attempt,
        part=(),
        number=ranges.number,
        last=ranges.last,
        tried=ranges.tried,
        seconds=ranges.seconds,
    )
    return replace(part, attempt=attempt)
