# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time that documents will take, from the time that others took.

A document costs something by itself and something for each of its pages. Both are fitted to what was measured, and
corrected for each size class by what its own documents took, as far as there were any. So it matters neither that the
longest documents come first nor that what is left is shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from .._records.timings import SizeClass, Timings

# Documents that must have been measured.
LEAST_DOCUMENTS = 8
# The documents as which the fitted line counts in each size class.
_PRIOR_DOCUMENTS = 20.0
# The weights of the fit need the line itself: each round brings them nearer.
_ROUNDS = 4
# Of the range: standard errors, and what no measurement knows.
_STANDARD_ERRORS = 2.0
_UNKNOWN_SHARE = 0.03


@dataclass(frozen=True)
class Left:
    """Documents of one size class that are to be processed, and their pages."""

    documents: int = 0
    pages: int = 0


@dataclass(frozen=True)
class SlotSeconds:
    """Time of one slot for what is left: what is expected, and the standard error of that."""

    expected: float
    error: float

    def range(self) -> tuple[float, float]:
        """Return the least and the most that is likely."""
        spread = _STANDARD_ERRORS * self.error + _UNKNOWN_SHARE * self.expected
        return max(0.0, self.expected - spread), self.expected + spread


@dataclass(frozen=True)
class Line:
    """Seconds that a document costs: by itself, and for each page."""

    document: float
    page: float

    def of(self, documents: float, pages: float) -> float:
        """Return the seconds for so many documents that have so many pages together."""
        return self.document * documents + self.page * pages


def forecast(timings: Timings, left: Sequence[Left]) -> SlotSeconds | None:
    """Return the time that is left for one slot; ``None`` where too few documents were measured.

    Args:
        timings: of documents that have their outcome.
        left: what is to be processed, by size class.
    """
    measured = sum(each.documents for each in timings.sizes)
    if measured < LEAST_DOCUMENTS:
        return None
    line = fit(timings.sizes)
    spread = _spread(timings.sizes)
    expected = variance = from_line = 0.0
    for done, waiting in zip(timings.sizes, left, strict=True):
        if not waiting.documents:
            continue
        seconds = line.of(waiting.documents, waiting.pages) * _correction(line, done)
        known = done.documents + _PRIOR_DOCUMENTS
        expected += seconds
        variance += seconds * seconds * spread * (1 / known + 1 / waiting.documents)
        from_line += seconds * _PRIOR_DOCUMENTS / known
    return SlotSeconds(expected, sqrt(variance + from_line * from_line * spread / measured))


def fit(sizes: Sequence[SizeClass]) -> Line:
    """Return the line through what was measured, neither part of it below 0.

    The longer a document, the more its time differs from the line: what is least is the sum of squared shares.
    """
    points = [
        (each.documents, each.pages / each.documents, each.seconds / each.documents)
        for each in sizes
        if each.documents > 0
    ]
    pages = sum(count * each for count, each, _seconds in points)
    seconds = sum(count * each for count, _pages, each in points)
    line = Line(0.0, seconds / pages) if pages else Line(seconds / sum(count for count, *_rest in points), 0.0)
    for _round in range(_ROUNDS):
        line = _fit_once(points, line)
    return line


def _fit_once(points: Sequence[tuple[float, float, float]], before: Line) -> Line:
    weight = product = square = mean = cross = 0.0
    for count, pages, seconds in points:
        share = count / max(before.of(1, pages), 1e-6) ** 2
        weight += share
        product += share * pages
        square += share * pages * pages
        mean += share * seconds
        cross += share * pages * seconds
    determinant = weight * square - product * product
    # One size alone says nothing of what a document costs by itself.
    if determinant <= 1e-9 * weight * square:
        return Line(0.0, cross / square) if square else Line(mean / weight, 0.0)
    document = (mean * square - cross * product) / determinant
    page = (cross * weight - mean * product) / determinant
    if document < 0:
        return Line(0.0, cross / square)
    return Line(mean / weight, 0.0) if page < 0 else Line(document, page)


def _correction(line: Line, done: SizeClass) -> float:
    """Return by how much the documents of a size class took longer than the line says."""
    expected = line.of(done.documents, done.pages)
    # As many more documents as the line counts for take what it says.
    usual = expected / done.documents * _PRIOR_DOCUMENTS if done.documents else 1.0
    return (done.seconds + usual) / (expected + usual) if expected + usual else 1.0


def _spread(sizes: Sequence[SizeClass]) -> float:
    """Return the variance of one document's time over the square of its mean, within the size classes."""
    total = documents = 0.0
    for each in sizes:
        if each.documents > 1 and each.seconds > 0:
            total += each.documents * max(0.0, each.squares * each.documents / each.seconds**2 - 1)
            documents += each.documents
    return total / documents if documents else 1.0
