# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare how long a farm takes: ``python -m benchmarks.farm``.

Each time is over that of a shared queue from which whoever is free takes the longest document, at no cost. Nothing
depends on this machine: the clock is simulated and chance is seeded.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import SECONDS_PER_HOUR
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from benchmarks.farm.nodes import Farm, Outcome, cut, shared_queue, work_off

SEED = 1
SLOTS = 4
# As the OCR part of OpenArchives.gr: 45,547 documents with 3,292,392 pages.
MEAN_PAGES = 72
SPREAD = 1.1
SECONDS_PER_PAGE = 0.8
DEVIATION = 0.08
LOST_AT = 0.2


@dataclass(frozen=True)
class Scenario:
    """A farm and what it is to do."""

    title: str
    farm: Farm
    documents: Sequence[Document]


def heavy_tailed(count: int) -> list[Document]:
    """Return documents whose pages are log-normal, as a collection's are."""
    chance = random.Random(SEED)
    sizes = [chance.lognormvariate(0, SPREAD) for _number in range(count)]
    scale = MEAN_PAGES * count / sum(sizes)
    return [Document(f"s3://raw/{number}.pdf", max(1, round(size * scale)), 0) for number, size in enumerate(sizes)]


def speeds(nodes: int) -> list[float]:
    """Return the nodes' speeds: the quantiles of a normal distribution around 1, so that no chance is in them."""
    return [NormalDist(1, DEVIATION).inv_cdf((node + 0.5) / nodes) for node in range(nodes)]


def scenarios(count: int) -> list[Scenario]:
    """Return what is compared."""
    documents = heavy_tailed(count)
    whole = sum(document.pages for document in documents) * SECONDS_PER_PAGE / (4 * SLOTS)
    return [
        Scenario("4 nodes, speeds with a deviation of 8 %", Farm(speeds(4), SLOTS, SECONDS_PER_PAGE), documents),
        Scenario("40 nodes, speeds with a deviation of 8 %", Farm(speeds(40), SLOTS, SECONDS_PER_PAGE), documents),
        Scenario(
            "4 equal nodes, one GPU of 16 lost after 20 % of the time",
            Farm([1.0] * 4, SLOTS, SECONDS_PER_PAGE, LOST_AT * whole),
            documents,
        ),
    ]


def static(scenario: Scenario) -> Outcome:
    """Each node works its own shard off."""
    return work_off(scenario.farm, cut(scenario.documents, [1.0] * len(scenario.farm.speeds)), help_others=False)


def rebalanced(scenario: Scenario) -> Outcome:
    """At half of the time an operator stops all nodes and cuts the rest by the speeds that were measured."""
    farm = scenario.farm
    at = shared_queue(farm, scenario.documents) / 2
    shards = cut(scenario.documents, [1.0] * len(farm.speeds))
    first = work_off(farm, shards, help_others=False, stop_at=at)
    left = {document.uri for document in first.unfinished}
    weights = [sum(document.pages for document in shard if document.uri not in left) for shard in shards]
    second = work_off(farm, cut(first.unfinished, weights), help_others=False, begin=first.makespan)
    second.done += first.done
    return second


def helping(scenario: Scenario) -> Outcome:
    """As :func:`static`, and whoever has nothing left takes pieces of the shard with the most work left."""
    return work_off(scenario.farm, cut(scenario.documents, [1.0] * len(scenario.farm.speeds)), help_others=True)


WAYS: dict[str, Callable[[Scenario], Outcome]] = {
    "static shards": static,
    "rebalance at half-time": rebalanced,
    "idle nodes help": helping,
}


def compare(scenario: Scenario) -> None:
    """Print each way's makespan over that of the shared queue."""
    ideal = shared_queue(scenario.farm, scenario.documents)
    pages = sum(document.pages for document in scenario.documents)
    print(f"{scenario.title}: {len(scenario.documents)} documents, {pages} pages")
    print(f"  {'a shared queue':<24} {ideal / SECONDS_PER_HOUR:7.1f} h  1.000", flush=True)
    for name, way in WAYS.items():
        began = time.perf_counter()
        outcome = way(scenario)
        if Counter(outcome.done) != Counter(document.uri for document in scenario.documents):
            raise SystemExit(f"{name}: not every document was done once.")
        hours, took = outcome.makespan / SECONDS_PER_HOUR, time.perf_counter() - began
        moved = f", {outcome.moved} documents lent, {outcome.requests} requests" if outcome.moved else ""
        print(f"  {name:<24} {hours:7.1f} h  {outcome.makespan / ideal:5.3f}  (in {took:.0f} s{moved})", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    for scenario in scenarios(parser.parse_args().documents):
        compare(scenario)


if __name__ == "__main__":
    main()
