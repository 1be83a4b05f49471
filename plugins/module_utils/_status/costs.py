# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the farm cost so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .._formatting import SECONDS_PER_HOUR, dollars
from .._records.progress import Progress


@dataclass(frozen=True)
class Costs:
    """The nodes' price, in USD, without storage and requests.

    Attributes:
        node_hours: of all shards together, from the first supervisor's start to the last heartbeat.
            What a node idles before and after is not known to S3, and not in it.
        dollars: price of these hours.
        dollars_per_1000_pages: of pages that are done; ``None`` before the first.
    """

    node_hours: float
    dollars: float
    dollars_per_1000_pages: float | None

    def line(self) -> str:
        """Return it as a sentence."""
        each = "" if self.dollars_per_1000_pages is None else f", {dollars(self.dollars_per_1000_pages)} a 1,000 pages"
        return f"spent: {dollars(self.dollars)} for {self.node_hours:.2f} node hours{each}"


def costs(
    started: Mapping[int, float], progress: Mapping[int, Progress], pages_done: int, price_per_hour: float
) -> Costs:
    """Return what the shards' nodes cost.

    Args:
        started: when the first supervisor of each shard that was ever started did, seconds since the epoch.
        progress: what each of these shards' supervisor last said.
        pages_done: of all shards together.
        price_per_hour: of one node, in USD.
    """
    hours = sum(max(0.0, progress[shard].updated_at - start) for shard, start in started.items()) / SECONDS_PER_HOUR
    spent = hours * price_per_hour
    return Costs(hours, spent, spent / pages_done * 1000 if pages_done else None)
