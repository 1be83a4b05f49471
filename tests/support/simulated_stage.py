# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stage that is worked off by a clock of its own: days of a farm in seconds, with what measures and tells its end."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from random import Random

from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import in_order
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.pace import Pace
from ansible_collections.glossapi.farm.plugins.module_utils._status.outlook import FarmOutlook, outlook
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import Heartbeat
from tests.support.progress import make_progress

SLOTS = ("0", "1", "2", "3")
SILENT_SECONDS = 120.0
_LOAD_SECONDS = 90.0
_GONE_SECONDS = 2 * 3600.0

Cost = Callable[[Random, int], float]


@dataclass(frozen=True)
class Event:
    """What happens to a node when so much of all work is done: a GPU is lost, or the node for two hours."""

    share: float
    shard: int
    takes_node: bool = False


@dataclass(frozen=True)
class Glance:
    """What is told at one time, and what comes true if what lives then goes on living.

    Attributes:
        share: of all work that is done.
        time: seconds since the start.
        told: by whoever looks.
        true: when each shard will be finished, seconds since the start; ``None`` where nobody works.
    """

    share: float
    time: float
    told: FarmOutlook
    true: Mapping[int, float | None]

    def errors(self) -> dict[int, float]:
        """Return, for each shard that is worked on and for all as 0, the error of the time left over that time."""
        found = {}
        for shard, true in self.true.items():
            finish = self.told.shards[shard].finish
            if true is not None and finish is not None:
                found[shard] = (finish.expected - true) / (true - self.time)
        finish, times = self.told.finish, [time for time in self.true.values() if time is not None]
        if finish is not None:
            found[0] = (finish.expected - max(times)) / (max(times) - self.time)
        return found


@dataclass
class _Node:
    pace: Pace
    order: list[Document]
    left: dict[str, Document]
    position: int = 0
    busy: dict[str, tuple[float, Document]] = field(default_factory=dict)
    silent_since: float | None = None


class SimulatedStage:
    """Nodes with a shard each, which share nothing but the clock, or lend to those that have nothing left.

    Until one has nothing left that is the same; then all nodes end together, as from a shared queue.

    Args:
        seed: of the documents and of what they cost.
        documents: of each shard.
        cost: returns the seconds that a document of so many pages takes.
        events: in the order of their shares.
        helps: whether nodes lend.
    """

    def __init__(
        self, seed: int, documents: Sequence[int], cost: Cost, events: Sequence[Event] = (), *, helps: bool = False
    ) -> None:
        self._now = 0.0
        self._helps = helps
        self._events = list(events)
        self._seconds: dict[str, float] = {}
        self._nodes: dict[int, _Node] = {}
        self._heap: list[tuple[float, int, str]] = []
        self._back: list[tuple[float, int]] = []
        random = Random(seed)
        for shard, count in enumerate(documents, 1):
            found = [Document(f"s3://raw/{shard}/{number}.pdf", _pages(random), None) for number in range(count)]
            self._seconds.update((document.uri, cost(random, document.pages)) for document in found)
            self._nodes[shard] = _Node(self._pace(found), in_order(found), {each.uri: each for each in found})
        self._total = sum(self._seconds.values())
        self._done = 0.0

    def run(self, shares: Sequence[float]) -> list[Glance]:
        """Return a glance at each of the shares of all work."""
        glances = []
        wanted = list(shares)
        for shard in self._nodes:
            self._start(shard)
        while wanted:
            self._step()
            share = self._done / self._total
            while self._events and share >= self._events[0].share:
                self._strike(self._events.pop(0))
            while wanted and share >= wanted[0]:
                wanted.pop(0)
                glances.append(Glance(share, self._now, self._look(), self._truth()))
        return glances

    def _pace(self, documents: Sequence[Document], before: Pace | None = None) -> Pace:
        timings = None
        if before is not None:
            # As it is stored, and read by the next supervisor.
            stored = history.to_json(replace(History(), timings=before.timings))
            timings = history.from_json(stored, "there").timings
        return Pace(SLOTS, documents, timings, lambda: self._now)

    def _start(self, shard: int) -> None:
        for slot in SLOTS:
            self._begin(shard, slot, _LOAD_SECONDS)

    def _begin(self, shard: int, slot: str, load_seconds: float = 0.0) -> None:
        node = self._nodes[shard]
        if node.position < len(node.order):
            document = node.order[node.position]
            node.position += 1
            node.pace.begin(slot, document)
            end = self._now + load_seconds + self._seconds[document.uri]
            node.busy[slot] = (end, document)
            heapq.heappush(self._heap, (end, shard, slot))

    def _step(self) -> None:
        if self._back and (not self._heap or self._back[0][0] <= self._heap[0][0]):
            self._now, shard = self._back.pop(0)
            self._return(shard)
            return
        end, shard, slot = heapq.heappop(self._heap)
        node = self._nodes[shard]
        if node.busy.get(slot, (None,))[0] != end:
            return
        self._now = end
        _end, document = node.busy.pop(slot)
        self._done += self._seconds[document.uri]
        del node.left[document.uri]
        node.pace.end(slot)
        node.pace.settle(document, counts=True)
        self._begin(shard, slot)

    def _strike(self, event: Event) -> None:
        node = self._nodes[event.shard]
        if event.takes_node:
            node.busy.clear()
            node.silent_since = self._now
            self._back.append((self._now + _GONE_SECONDS, event.shard))
            return
        slot = min(node.busy)
        _end, document = node.busy.pop(slot)
        node.pace.drain(slot)
        # Its document goes to the others.
        node.order.insert(node.position, document)

    def _return(self, shard: int) -> None:
        before = self._nodes[shard]
        left = list(before.left.values())
        self._nodes[shard] = _Node(self._pace(left, before.pace), in_order(left), before.left)
        self._start(shard)

    def _look(self) -> FarmOutlook:
        heartbeats = {}
        for shard, node in self._nodes.items():
            # What lives has said it now, what does not when it was last alive.
            age = 0.0 if node.silent_since is None else self._now - node.silent_since
            pages = sum(document.pages for document in node.left.values())
            queued = sum(document.pages for document in node.order[node.position :]) if self._helps else 0
            counts = {"pages": pages, "pages_done": 0, "pages_failed": 0, "queued_pages": queued}
            said = make_progress(shard=shard, outlook=node.pace.outlook(), pending=len(node.left), **counts)
            heartbeats[shard] = Heartbeat(said, age)
        pending = {shard: len(node.left) for shard, node in self._nodes.items()}
        return outlook(pending, heartbeats, SILENT_SECONDS, self._now)

    def _truth(self) -> dict[int, float | None]:
        nodes = {shard: node for shard, node in self._nodes.items() if node.busy}
        if self._helps:
            return dict.fromkeys(self._nodes) | dict.fromkeys(nodes, self._end_of(nodes.values()))
        return dict.fromkeys(self._nodes) | {shard: self._end_of([node]) for shard, node in nodes.items()}

    def _end_of(self, nodes: Collection[_Node]) -> float:
        ends = [end for node in nodes for end, _document in node.busy.values()]
        heapq.heapify(ends)
        for node in nodes:
            for document in node.order[node.position :]:
                heapq.heapreplace(ends, ends[0] + self._seconds[document.uri])
        return max(ends)


def _pages(random: Random) -> int:
    """Return the pages of a document: half have up to 60, one in a hundred more than 600."""
    return max(1, min(1500, round(exp(random.gauss(log(60), 1.0)))))
