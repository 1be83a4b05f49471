# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes that work their shards off by the real schedule, and lend and borrow by the real code, in simulated time."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.balance import Turns
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt, AttemptQueue
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.loans import Loans
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import in_order, longest_first
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.schedule import Ahead, Schedule
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.trade import Trade
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from benchmarks.farm.simulated import MemoryS3, SimulatedLoop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The simulated loop leaves its thread idle.
_EXECUTOR = ThreadPoolExecutor(1)
_PROGRESS_SECONDS = 30.0
# A real supervisor looks six times as often.
_LOOK_SECONDS = 30.0


@dataclass(frozen=True)
class Farm:
    """The nodes.

    Attributes:
        speeds: of each node; 1 is a slot that takes ``seconds_per_page``.
        slots: of each node.
        seconds_per_page: of one slot.
        lost_at: when the first node loses a slot for good, in seconds; ``None`` for never.
    """

    speeds: Sequence[float]
    slots: int
    seconds_per_page: float
    lost_at: float | None = None

    def seconds(self, node: int, document: Document) -> float:
        """Return how long a slot of a node takes for a document."""
        return document.pages * self.seconds_per_page / self.speeds[node]


def cut(documents: Sequence[Document], weights: Sequence[float]) -> list[list[Document]]:
    """Return each node's shard, as ``shard_manifest`` cuts them."""
    shards: list[list[Document]] = [[] for _weight in weights]
    turns = Turns(weights)
    for document in longest_first(documents):
        shards[turns.take(document.pages, 1)[0]].append(document)
    return shards


def shared_queue(farm: Farm, documents: Sequence[Document]) -> float:
    """Return the makespan of an ideal queue: whoever is free takes the longest document, at no cost."""
    free = [(0.0, node, slot) for node in range(len(farm.speeds)) for slot in range(farm.slots)]
    heapq.heapify(free)
    end = 0.0
    for document in longest_first(documents):
        at, node, slot = heapq.heappop(free)
        while farm.lost_at is not None and (node, slot) == (0, 0) and at >= farm.lost_at:
            at, node, slot = heapq.heappop(free)
        ended = at + farm.seconds(node, document)
        end = max(end, ended)
        heapq.heappush(free, (ended, node, slot))
    return end


@dataclass
class Outcome:
    """What became of a farm.

    Attributes:
        ends: when each node had nothing left, in seconds.
        unfinished: the documents that nobody has done.
        moved: documents that a node has done for another.
        requests: to S3, of lending and borrowing alone.
        done: the uris of the documents, each as often as it was done.
    """

    ends: list[float] = field(default_factory=list)
    unfinished: list[Document] = field(default_factory=list)
    moved: int = 0
    requests: int = 0
    done: list[str] = field(default_factory=list)

    @property
    def makespan(self) -> float:
        """When the last node had nothing left."""
        return max(self.ends)


def work_off(
    farm: Farm,
    shards: Sequence[Sequence[Document]],
    *,
    help_others: bool,
    piece_minutes: float = 30,
    stop_at: float | None = None,
    begin: float = 0.0,
) -> Outcome:
    """Simulate a farm.

    Args:
        farm: the nodes.
        shards: of each node.
        help_others: whether idle nodes help.
        piece_minutes: the size of the pieces.
        stop_at: when all nodes are stopped as their documents end, in seconds.
        begin: when they start.
    """
    outcome = Outcome()
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(_work_off(farm, shards, outcome, help_others, piece_minutes, stop_at, begin))
    return outcome


async def _work_off(
    farm: Farm,
    shards: Sequence[Sequence[Document]],
    outcome: Outcome,
    help_others: bool,
    piece_minutes: float,
    stop_at: float | None,
    begin: float,
) -> None:
    await asyncio.sleep(begin)
    s3 = MemoryS3(asyncio.get_running_loop().time)
    states: dict[str, DocumentState] = {}
    nodes = [
        _Node(farm, number, shard, s3, states, outcome, help_others=help_others, piece_minutes=piece_minutes)
        for number, shard in enumerate(shards)
    ]
    outcome.ends = await asyncio.gather(*(node.run(stop_at) for node in nodes))
    outcome.unfinished = [document for shard in shards for document in shard if key_of(document.uri) not in states]
    outcome.requests = s3.requests


class _Node:
    """What :class:`Supervisor` does, without workers, transfers and faults."""

    def __init__(
        self,
        farm: Farm,
        number: int,
        shard: Sequence[Document],
        s3: MemoryS3,
        states: dict[str, DocumentState],
        outcome: Outcome,
        *,
        help_others: bool,
        piece_minutes: float,
    ) -> None:
        self._farm, self._number, self._states, self._outcome = farm, number, states, outcome
        self._loop = asyncio.get_running_loop()
        self._client = cast("S3Client", s3)
        self._config = RunConfig(
            shard=number + 1,
            manifests="s3://farm/shards",
            results="s3://farm/results",
            workdir="/work",
            node=f"node-{number + 1}",
            help_others=help_others,
            piece_minutes=piece_minutes,
        )
        self._schedule = Schedule(
            AttemptQueue(Attempt(document) for document in in_order(shard)), Ahead(8, 1 << 60), farm.slots
        )
        self._account = Account(self._config, shard, {}, clock=self._loop.time)
        owner = Owner(self._config.node, self._config.node)
        loans = Loans(self._client, self._config, owner, self._select, _EXECUTOR)
        self._trade = Trade(
            self._config,
            loans,
            (),
            self._schedule,
            self._account,
            look_seconds=_LOOK_SECONDS,
        )

    async def run(self, stop_at: float | None) -> float:
        """Return when the node had nothing left to do."""
        others = [asyncio.create_task(self._report())] if self._config.help_others else []
        if stop_at is not None:
            self._loop.call_at(stop_at, self._schedule.stop)
        self._schedule.open(lambda attempt: self._loop.call_soon(self._fetched, attempt))  # type: ignore[arg-type]
        trading = asyncio.create_task(self._trade.run())
        ends = await asyncio.gather(*(self._serve(slot) for slot in range(self._farm.slots)))
        self._trade.stop()
        await trading
        await self._trade.close()
        for task in others:
            task.cancel()
        self._put_progress("finished")
        return max(ends)

    def _fetched(self, attempt: Attempt) -> None:
        self._schedule.fetched(Fetched(attempt, Path(), Path(), "", attempt.document.bytes or 0))

    async def _serve(self, slot: int) -> float:
        ended = self._loop.time()
        lost_at = self._farm.lost_at if (self._number, slot) == (0, 0) else None
        while (fetched := await self._schedule.next()) is not None:
            if lost_at is not None and self._loop.time() >= lost_at:
                self._schedule.drain_slot(fetched)
                break
            attempt = fetched.attempt
            await asyncio.sleep(self._farm.seconds(self._number, attempt.document))
            ended = self._loop.time()
            self._settle(attempt)
        return ended

    def _settle(self, attempt: Attempt) -> None:
        document = attempt.document
        self._states[key_of(document.uri)] = DocumentState.DONE
        self._outcome.done.append(document.uri)
        if attempt.piece is None:
            self._account.add_done(document, 0)
        else:
            self._outcome.moved += 1
            self._account.add_helped(document, 0, DocumentState.DONE)
        self._schedule.settle(attempt)
        self._trade.settle(attempt)

    def _select(self, documents: Sequence[Document]) -> Selection:
        states = {key_of(document.uri): self._states.get(key_of(document.uri)) for document in documents}
        finished = {key: state for key, state in states.items() if state is not None}
        attempts = [Attempt(document) for document in documents if key_of(document.uri) not in finished]
        return Selection(attempts, finished, len(attempts), 0, 0)

    async def _report(self) -> None:
        while True:
            self._put_progress("running")
            await asyncio.sleep(_PROGRESS_SECONDS)

    def _put_progress(self, state: str) -> None:
        uri = progress_uri(self._config.results_uri, self._config.shard, self._config.stage)
        put_bytes(self._client, uri, self._account.progress(state).to_json(), "application/json")
