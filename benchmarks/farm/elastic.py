# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces from a queue on nodes that are taken away and replaced, in simulated time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import SECONDS_PER_HOUR
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import longest_first
from benchmarks.farm.nodes import Farm

NOTICE_SECONDS = 120.0
# From the loss of a node, or from work that nobody is there for, until another node works: Auto Scaling's next look, a
# launch, a boot from an image, the models.
REPLACED_SECONDS = 300.0
# A message of a node that said nothing any more is visible again after 300 s without an extension; the last was up to
# 60 s before.
VISIBLE_SECONDS = (240.0, 300.0)
# A node without work ends itself: the queue is empty for 60 s, the node quiet for some minutes, its timer looks.
LEAVES_AFTER_SECONDS = 300.0
# From the start of an instance until it works, which is paid for.
BOOT_SECONDS = 180.0


@dataclass(frozen=True)
class Spot:
    """How nodes are taken away.

    Attributes:
        taken_per_hour: the share of nodes that is taken in an hour.
        noticed: the share of these that is told two minutes ahead.
    """

    taken_per_hour: float
    noticed: float


@dataclass
class Elastic:
    """What became of an elastic farm.

    Attributes:
        makespan: seconds until the last document was done.
        ideal: seconds until the slots that there were could have done all work, what was lost included.
        lost: of work that was begun and not finished, in seconds of a slot of speed 1.
        taken: nodes that were taken away.
        paid: seconds of nodes from their launch to their end.
        done: uris in the order in which they were done.
    """

    makespan: float = 0.0
    ideal: float = 0.0
    lost: float = 0.0
    taken: int = 0
    paid: float = 0.0
    done: list[str] = field(default_factory=list)


def pieces(
    documents: Sequence[Document], piece_pages: int, last_pages: int = 0, nodes: int = 0
) -> list[list[Document]]:
    """Return pieces that are filled one after the other, the longest documents first.

    Args:
        piece_pages: up to which a piece is filled; a longer document is alone.
        last_pages: where it is given, pieces get smaller towards the end, down to this: none has more than half of a
            node's part of what is left.
        nodes: that share what is left.
    """
    cut: list[list[Document]] = []
    left = sum(document.pages for document in documents)
    filled, room = 0, 0
    for document in longest_first(documents):
        if not cut or filled + document.pages > room:
            room = piece_pages
            if last_pages:
                room = max(last_pages, min(piece_pages, left // (2 * nodes)))
            cut.append([])
            filled = 0
        cut[-1].append(document)
        filled += document.pages
        left -= document.pages
    return cut


class Queue:
    """Pieces that wait: in their order, or in any, as a standard queue promises none."""

    def __init__(self, waiting: Sequence[list[Document]], chance: random.Random | None) -> None:
        self.pages = sum(document.pages for piece in waiting for document in piece)
        self._waiting = list(reversed(waiting))
        self._chance = chance

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> list[Document]:
        """Return a piece."""
        if self._chance is None:
            return self._waiting.pop()
        at = self._chance.randrange(len(self._waiting))
        self._waiting[at], self._waiting[-1] = self._waiting[-1], self._waiting[at]
        return self._waiting.pop()

    def put(self, piece: list[Document]) -> None:
        """Have a piece wait again, as the next."""
        self._waiting.append(piece)


# As RunConfig.prefetch: a node that has fewer documents waiting asks for another piece.
PREFETCH = 8


@dataclass(frozen=True)
class _Work:
    """A document in work, since when, and in which piece it came."""

    document: Document
    begun: float
    piece: int


@dataclass(eq=False)
class _Node:
    """A node.

    Attributes:
        place: among the farm's, whose speed it has.
        waiting: documents that it has and has not begun, longest first, with the number of their piece.
        working: by slot.
        takes: whether it asks for pieces: it is neither told that it will be taken, nor gone.
        gone: when; ``None`` while it is there.
        idle_since: since when it has had nothing to do; ``None`` while it has.
    """

    place: int
    launched: float
    waiting: list[tuple[int, int, int, Document]] = field(default_factory=list)
    working: dict[int, _Work] = field(default_factory=dict)
    takes: bool = True
    gone: float | None = None
    idle_since: float | None = None


class Simulation:
    """Works pieces off.

    Args:
        farm: of as many nodes as are wanted at any time.
        queue: the pieces.
        spot: how nodes are taken away.
        seed: of chance.
    """

    def __init__(self, farm: Farm, queue: Queue, spot: Spot, seed: int) -> None:
        self._farm, self._queue, self._spot = farm, queue, spot
        self._chance = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._numbers = count()
        self._nodes: list[_Node] = []
        # Pieces that are with nobody and cannot be had yet, and nodes that are on their way.
        self._hidden = self._coming = 0
        self._outcome = Elastic()

    def run(self) -> Elastic:
        """Return what became of it."""
        for place in range(len(self._farm.speeds)):
            self._launch(place, 0.0)
        while self._events:
            at, _number, happens = heapq.heappop(self._events)
            happens(at)
        self._outcome.paid = sum((node.gone or 0.0) - node.launched + BOOT_SECONDS for node in self._nodes)
        self._outcome.ideal = self._ideal()
        return self._outcome

    def _at(self, when: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), happens))

    def _launch(self, place: int, at: float) -> None:
        node = _Node(place, at)
        self._nodes.append(node)
        if self._spot.taken_per_hour:
            ends = at + self._chance.expovariate(self._spot.taken_per_hour / SECONDS_PER_HOUR)
            if self._chance.random() < self._spot.noticed:
                self._at(max(at, ends - NOTICE_SECONDS), partial(self._drain, node))
            self._at(ends, partial(self._take, node))
        self._fill(node, at)

    def _arrive(self, place: int, at: float) -> None:
        self._coming -= 1
        self._launch(place, at)

    def _drain(self, node: _Node, at: float) -> None:
        """Have a node that is told so take nothing any more, and give back what it has not begun."""
        if node.gone is None:
            node.takes = False
            self._give_back(node, at)

    def _take(self, node: _Node, at: float) -> None:
        """Take a node away, and have another one launched in its place."""
        if node.gone is not None:
            return
        told, node.takes, node.gone = not node.takes, False, at
        self._outcome.taken += 1
        for work in node.working.values():
            self._outcome.lost += (at - work.begun) * self._farm.speeds[node.place]
            heapq.heappush(node.waiting, (0, next(self._numbers), work.piece, work.document))
        node.working.clear()
        self._give_back(node, at + (0.0 if told else self._chance.uniform(*VISIBLE_SECONDS)))
        self._order(node.place, at)

    def _order(self, place: int, at: float) -> None:
        self._coming += 1
        self._at(at + REPLACED_SECONDS, partial(self._arrive, place))

    def _give_back(self, node: _Node, when: float) -> None:
        """Have the documents that a node holds and has not begun wait again at that time, piece by piece."""
        back: dict[int, list[Document]] = {}
        for _pages, _number, piece, document in node.waiting:
            back.setdefault(piece, []).append(document)
        node.waiting.clear()
        for documents in back.values():
            self._hidden += 1
            self._at(when, partial(self._show, documents))

    def _show(self, documents: list[Document], at: float) -> None:
        self._hidden -= 1
        self._queue.put(documents)
        for node in self._nodes:
            if node.takes:
                self._fill(node, at)
        if len(self._queue) and not self._coming and not any(node.takes for node in self._nodes):
            self._order(0, at)

    def _end(self, node: _Node, slot: int, work: _Work, at: float) -> None:
        if node.working.get(slot) is not work:
            return
        del node.working[slot]
        self._outcome.done.append(work.document.uri)
        self._outcome.makespan = at
        if node.takes:
            self._fill(node, at)

    def _fill(self, node: _Node, at: float) -> None:
        while len(node.waiting) < PREFETCH and len(self._queue):
            piece = next(self._numbers)
            for document in self._queue.take():
                heapq.heappush(node.waiting, (-document.pages, next(self._numbers), piece, document))
        for slot in range(self._farm.slots):
            if slot not in node.working and node.waiting:
                _pages, _number, piece, document = heapq.heappop(node.waiting)
                node.working[slot] = work = _Work(document, at, piece)
                self._at(at + self._farm.seconds(node.place, document), partial(self._end, node, slot, work))
        if node.working:
            node.idle_since = None
        elif node.idle_since is None:
            node.idle_since = at
            self._at(at + LEAVES_AFTER_SECONDS, partial(self._leave, node, at))

    def _leave(self, node: _Node, since: float, at: float) -> None:
        if node.gone is None and node.takes and node.idle_since == since:
            node.takes, node.gone = False, at

    def _ideal(self) -> float:
        """Return when the slots that were there could have done what was done and what was lost."""
        spans = [
            (node.launched, node.gone or 0.0, self._farm.speeds[node.place] * self._farm.slots) for node in self._nodes
        ]
        need = self._queue.pages * self._farm.seconds_per_page + self._outcome.lost
        low, high = 0.0, self._outcome.makespan
        for _halving in range(60):
            middle = (low + high) / 2
            had = sum(max(0.0, min(end, middle) - begin) * power for begin, end, power in spans)
            low, high = (middle, high) if had < need else (low, middle)
        return high
