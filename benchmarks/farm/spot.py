# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare pieces from a queue on spot nodes with static shards: ``python -m benchmarks.farm.spot``.

Of the nodes 5 % are taken in an hour, half of them told two minutes ahead. Each time is over the ideal: when the slots
that there were could have done all work, what was lost with nodes included. The clock is simulated, chance is seeded.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.prices import on_demand_price
from ansible_collections.glossapi.farm.plugins.module_utils._formatting import SECONDS_PER_HOUR
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from benchmarks.farm.__main__ import SECONDS_PER_PAGE, SLOTS, heavy_tailed, speeds
from benchmarks.farm.elastic import BOOT_SECONDS, LEAVES_AFTER_SECONDS, Elastic, Queue, Simulation, Spot, pieces
from benchmarks.farm.nodes import Farm, cut, work_off

NODES = (4, 10, 40)
SPOT = Spot(taken_per_hour=0.05, noticed=0.5)
# Of the price on demand; what a region asks for changes with the hour.
SPOT_PRICE = 0.4
PRICE = on_demand_price("g5.12xlarge") or 0.0
_MINUTE = 60


@dataclass(frozen=True)
class Cut:
    """Pieces of so many minutes of a node; of ``last`` at the end where that is given."""

    minutes: int
    last: int = 0

    def __str__(self) -> str:
        return f"{self.minutes} minutes" + (f", the last {self.last}" if self.last else "")

    def pieces(self, documents: Sequence[Document], nodes: int) -> list[list[Document]]:
        """Return the pieces."""
        return pieces(documents, _pages(self.minutes), _pages(self.last), nodes)


CUTS = (Cut(5), Cut(10), Cut(20), Cut(30), Cut(60), Cut(30, 5))


def _pages(minutes: int) -> int:
    return int(minutes * _MINUTE * SLOTS / SECONDS_PER_PAGE)


def simulate(farm: Farm, documents: Sequence[Document], way: Cut, seed: int, *, in_order: bool) -> Elastic:
    """Return what becomes of a farm.

    Args:
        in_order: whether the queue keeps its order; a standard queue promises none.
    """
    queue = Queue(way.pieces(documents, len(farm.speeds)), None if in_order else random.Random(seed))
    outcome = Simulation(farm, queue, SPOT, seed).run()
    if Counter(outcome.done) != Counter(document.uri for document in documents):
        raise SystemExit(f"{way}: not every document was done once.")
    return outcome


def static_dollars(farm: Farm, documents: Sequence[Document]) -> tuple[float, float]:
    """Return the hours and dollars of static shards on demand, each node ending itself when its own is finished."""
    outcome = work_off(farm, cut(documents, [1.0] * len(farm.speeds)), help_others=False)
    paid = sum(end + BOOT_SECONDS + LEAVES_AFTER_SECONDS for end in outcome.ends)
    return outcome.makespan / SECONDS_PER_HOUR, paid / SECONDS_PER_HOUR * PRICE


def compare(nodes: int, documents: Sequence[Document], seeds: int) -> None:
    """Print each way's makespan over the ideal, and what it costs over static shards on demand."""
    farm = Farm(speeds(nodes), SLOTS, SECONDS_PER_PAGE)
    hours, dollars = static_dollars(farm, documents)
    print(f"{nodes} nodes, {len(documents)} documents; static shards on demand: {hours:.1f} h, ${dollars:,.0f}")
    for way in CUTS:
        for in_order in (True, False):
            outcomes = [simulate(farm, documents, way, seed, in_order=in_order) for seed in range(seeds)]
            ratios = [outcome.makespan / outcome.ideal for outcome in outcomes]
            spot = [outcome.paid / SECONDS_PER_HOUR * PRICE * SPOT_PRICE / dollars for outcome in outcomes]
            print(
                f"  {way!s:<24} {'in order' if in_order else 'in any':<9}"
                f" {sum(outcome.makespan for outcome in outcomes) / seeds / SECONDS_PER_HOUR:7.2f} h"
                f"  {sum(ratios) / seeds:.4f} (most {max(ratios):.4f})"
                f"  lost {sum(outcome.lost for outcome in outcomes) / seeds / SECONDS_PER_HOUR / SLOTS:.2f} node h"
                f"  taken {sum(outcome.taken for outcome in outcomes) / seeds:.0f}"
                f"  dollars {sum(spot) / seeds:.3f}",
                flush=True,
            )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    documents = heavy_tailed(options.documents)
    for nodes in NODES:
        compare(nodes, documents, options.seeds)


if __name__ == "__main__":
    main()
