# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm cost so far."""

from __future__ import annotations

from dataclasses import dataclass

from .._formatting import SECONDS_PER_HOUR, dollars


@dataclass(frozen=True)
class Costs:
    """The nodes' price, in USD, without storage and requests.

    Attributes:
        node_seconds: in which supervisors worked, of all nodes together. What a node idles before, between and after
            is not known to S3, and not in it.
        usd: price of this time.
        usd_per_1000_pages: of the collection that are done, whatever was spent on them at which stage; ``None`` before
            the first.
    """

    node_seconds: float
    usd: float
    usd_per_1000_pages: float | None

    def line(self) -> str:
        """Return it as a sentence."""
        each = "" if self.usd_per_1000_pages is None else f", {dollars(self.usd_per_1000_pages)} a 1,000 pages"
        return f"spent: {dollars(self.usd)} for {self.node_seconds / SECONDS_PER_HOUR:.2f} node hours{each}"


def price_of(seconds: float, price_per_hour: float) -> float:
    """Return what so many seconds of a node cost, in USD."""
    return seconds / SECONDS_PER_HOUR * price_per_hour


def costs(seconds: float, pages_done: int, price_per_hour: float) -> Costs:
    """Return what the nodes cost.

    Args:
        seconds: in which supervisors worked, of all nodes and stages together.
        pages_done: of all documents that are done.
        price_per_hour: of one node, in USD.
    """
    spent = price_of(seconds, price_per_hour)
    return Costs(seconds, spent, spent / pages_done * 1000 if pages_done else None)
