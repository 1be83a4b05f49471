# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm cost so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .._formatting import SECONDS_PER_HOUR, dollars
from .._records.node import NodeRecord
from .efforts import Efforts


@dataclass(frozen=True)
class PaidTime:
    """What is paid for, of all nodes together.

    Attributes:
        seconds: from start to stop of the instances that say themselves what they cost.
        usd: what these cost, without their disks.
        storage_usd: what their disks cost.
        other_seconds: in which supervisors worked on nodes that do not say what they cost: that is all that is known of
            these, and what they idled is not in it.
    """

    seconds: float = 0.0
    usd: float = 0.0
    storage_usd: float = 0.0
    other_seconds: float = 0.0


@dataclass(frozen=True)
class Costs:
    """The nodes' price, in USD, without requests to S3.

    Attributes:
        node_seconds: that are paid for, of all nodes together, see :class:`PaidTime`.
        usd: price of this time, and of the nodes' disks.
        usd_per_1000_pages: of the collection that are done, whatever was spent on them at which stage; ``None`` before
            the first.
        storage_usd: the disks' part of it.
    """

    node_seconds: float
    usd: float
    usd_per_1000_pages: float | None
    storage_usd: float = 0.0

    def line(self) -> str:
        """Return it as a sentence."""
        disks = f", {dollars(self.storage_usd)} of it for disks" if self.storage_usd else ""
        each = "" if self.usd_per_1000_pages is None else f", {dollars(self.usd_per_1000_pages)} a 1,000 pages"
        return f"spent: {dollars(self.usd)} for {self.node_seconds / SECONDS_PER_HOUR:.2f} node hours{disks}{each}"


def paid_time(nodes: Collection[NodeRecord], efforts: Efforts) -> PaidTime:
    """Return what is paid for: what nodes say themselves, and of others the time in which their supervisors worked."""
    tell = {node.node for node in nodes}
    return PaidTime(
        seconds=sum((node.seconds for node in nodes), 0.0),
        usd=sum((node.usd for node in nodes), 0.0),
        storage_usd=sum((node.storage_usd for node in nodes), 0.0),
        other_seconds=sum((seconds for node, seconds in efforts.seconds_by_node.items() if node not in tell), 0.0),
    )


def price_of(paid: PaidTime, price_per_hour: float) -> float:
    """Return what it costs in USD, at this price of an hour of a node that does not say what it costs."""
    return paid.usd + paid.storage_usd + paid.other_seconds / SECONDS_PER_HOUR * price_per_hour


def costs(paid: PaidTime, pages_done: int, price_per_hour: float) -> Costs:
    """Return what the nodes cost.

    Args:
        paid: of all nodes and stages together.
        pages_done: of all documents that are done.
        price_per_hour: of a node that does not say itself what it costs, in USD.
    """
    spent = price_of(paid, price_per_hour)
    each = spent / pages_done * 1000 if pages_done else None
    return Costs(paid.seconds + paid.other_seconds, spent, each, paid.storage_usd)
