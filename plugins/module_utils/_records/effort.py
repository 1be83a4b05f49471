# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shard's node has put in and got done: a sum that each of its supervisors adds to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """The work of all of a shard's supervisors together, under whichever cut.

    Attributes:
        seconds: in which one of them worked, each by its own clock.
        pages: of documents that they have done.
    """

    seconds: float = 0.0
    pages: int = 0

    def __add__(self, other: Effort) -> Effort:
        return Effort(self.seconds + other.seconds, self.pages + other.pages)
