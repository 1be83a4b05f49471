# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue's protocol as a state machine, over the code itself: whatever vanishes, sleeps or comes twice."""

from __future__ import annotations

import contextlib

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._queue.enqueue import Enqueued, Enqueuing, Request
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from tests.support.queue_model import RESULTS, SHARDS, Farm, Node, Vanished

NODES = 3
DOCUMENTS = 5
nodes = st.integers(0, NODES - 1)


def enqueue(farm: Farm, *, again: bool = False) -> Enqueued:
    request = Request(Stage.TEXT, SHARDS, RESULTS, again)
    found = Enqueuing(farm.s3, farm.queue, request, farm.sleep, farm.clock).run(check_mode=False)
    # Older messages are void then.
    assert found.after.generation == found.before.generation + bool(found.reason)
    return found


def finish(farm: Farm, working: list[Node]) -> None:
    """Have everything awake, and nothing fail any more but by killers: all has to be finished soon."""
    for _round in range(60):
        if farm.is_finished:
            empty(farm, working[0])
            return
        enqueue(farm)
        for node in working:
            for _step in range(2 + DOCUMENTS):
                node.do(node.take)
                for step in (node.heartbeat, node.work, node.work, node.put_down):
                    node.do(step)
        farm.sleep(100)
    raise AssertionError("it is never finished")


def empty(farm: Farm, node: Node) -> None:
    """Have what is left in the queue looked at once, when everything is finished: nothing of it may stay."""
    # Whoever had something has given up by then, and every message waits.
    farm.sleep(4000)
    node.hand = []
    for _message in range(len(farm.sqs.messages)):
        node.do(node.take)
    assert farm.sqs.messages == {}, "the queue is never empty"


class QueueProtocol(RuleBasedStateMachine):
    """Nodes that take pieces, and all that happens to them and to the queue."""

    @initialize(killers=st.frozensets(st.integers(0, DOCUMENTS - 1), max_size=1), size=st.integers(1, 3))
    def begin(self, killers: frozenset[int], size: int) -> None:
        self.farm = Farm(DOCUMENTS, killers)
        self.farm.cut(size, backwards=False)
        self.nodes = [Node(self.farm, number) for number in range(NODES)]
        enqueue(self.farm)

    @rule(number=nodes, vanishes_after=st.none() | st.integers(0, 14), chosen=st.integers(0, 4))
    def takes(self, number: int, vanishes_after: int | None, chosen: int) -> None:
        self.farm.sqs.choose = lambda _count: chosen
        self.farm.fuse.left = vanishes_after
        self.nodes[number].do(self.nodes[number].take)

    @rule(number=nodes, vanishes_after=st.none() | st.integers(0, 3))
    def works(self, number: int, vanishes_after: int | None) -> None:
        self.farm.fuse.left = vanishes_after
        self.nodes[number].do(self.nodes[number].work)

    @rule(number=nodes, vanishes_after=st.none() | st.integers(0, 5))
    def ends_what_is_done(self, number: int, vanishes_after: int | None) -> None:
        self.farm.fuse.left = vanishes_after
        self.nodes[number].do(self.nodes[number].put_down)

    @rule(number=nodes, vanishes_after=st.none() | st.integers(0, 5))
    def stops(self, number: int, vanishes_after: int | None) -> None:
        self.farm.fuse.left = vanishes_after
        self.nodes[number].do(self.nodes[number].stop)

    @rule(number=nodes)
    def keeps_what_it_has(self, number: int) -> None:
        self.nodes[number].do(self.nodes[number].heartbeat)

    @rule(number=nodes)
    def vanishes(self, number: int) -> None:
        self.nodes[number].hand = []

    @rule(seconds=st.sampled_from([1, 20, 45, 70, 200, 320, 50_000]))
    def time_goes_on(self, seconds: int) -> None:
        # Who does nothing meanwhile sleeps.
        self.farm.sleep(seconds)

    @rule()
    def a_message_comes_twice(self) -> None:
        for message in self.farm.sqs.messages.values():
            message.visible_at = self.farm.now

    @rule()
    def somebody_purges_the_queue(self) -> None:
        self.farm.sqs.messages.clear()

    @rule(size=st.integers(1, 3), backwards=st.booleans(), stops=st.booleans(), enqueues=st.booleans())
    def the_documents_are_cut_anew(self, size: int, backwards: bool, stops: bool, enqueues: bool) -> None:
        for node in self.nodes:
            if stops:
                node.do(node.stop)
        self.farm.cut(size, backwards=backwards)
        # Nobody does anything before the next heartbeat, by which a node knows; it has a minute in which it does not.
        for node in self.nodes:
            node.do(node.heartbeat)
        if enqueues:
            enqueue(self.farm)
            unfinished = [
                number for number, each in self.farm.pieces.items() if not all(map(self.farm.is_marked, each))
            ]
            assert all(map(self.farm.is_queued, unfinished)), "a piece of the new cut is not in the queue"

    @rule(vanishes_after=st.none() | st.integers(0, 20), again=st.booleans())
    def somebody_enqueues(self, vanishes_after: int | None, again: bool) -> None:
        self.farm.fuse.left = vanishes_after
        with contextlib.suppress(Vanished, FarmError):
            enqueue(self.farm, again=again)
            self.farm.fuse.left = None
            assert enqueue(self.farm).sent == 0, "what is in the queue is sent once more"
        self.farm.fuse.left = None

    @invariant()
    def no_document_is_done_twice_by_owners_that_knew_of_each_other(self) -> None:
        if hasattr(self, "farm"):
            uris = [uri for uri, _token in self.farm.writes]
            assert len(uris) == len(set(uris)), "a document was done by two nodes to effect"

    def teardown(self) -> None:
        if hasattr(self, "farm"):
            finish(self.farm, self.nodes)


TestQueueProtocol = QueueProtocol.TestCase
TestQueueProtocol.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
