# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document whose pages are divided into ranges: what these have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Ranges:
    """The attempts of one document that several slots recognise.

    Attributes:
        open: ranges without an outcome.
        number: see :class:`Attempt`; of the document, which each failure of a range is one more attempt of.
        last: see :class:`Attempt`, likewise.
        tried: see :class:`Attempt`, likewise.
        seconds: time in workers of the ranges that have their outcome.
        failed: whether the document has failed by one of them, so that nobody needs the others.
        crowded: whether one of them has run out of the machine's memory, which others had a part of.
    """

    open: int
    number: int
    last: int
    tried: bool
    seconds: float
    failed: bool = False
    crowded: bool = False

    def is_crowded_again(self) -> bool:
        """Note that a range has run out of the machine's memory, which others had a part of.

        Return whether another has before: an undivided document would have had all of it since then, so that only the
        first one is an attempt of the document.
        """
        before, self.crowded = self.crowded, True
        return before

    def count(self, *, is_excused: bool) -> None:
        """Note that an attempt of a range has failed, and whether that says nothing of the document."""
        self.number += 1
        self.last += is_excused
        self.tried = self.tried or not is_excused

    def end(self, seconds: float) -> bool:
        """Note that a range has its outcome, or needs none; return whether it was the last."""
        self.open -= 1
        self.seconds += seconds
        return not self.open
