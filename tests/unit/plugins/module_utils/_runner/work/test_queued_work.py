# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue, Received
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Hooks,
)
from tests.support.emulated_account import Account as AwsAccount
from tests.support.queues import QUICK, cut_pieces, in_work_of, make_queue, owner_of, send, supervise
from tests.support.shards import TestShard, until

PIECES = {
    1: {"a.pdf": 9, "b.pdf": 8},
    2: {"c.pdf": 7},
    3: {"d.pdf": 6, "e.pdf": 5, "f.pdf": 4},
}


@pytest.fixture
def queue(empty_account: AwsAccount) -> Queue:
    return make_queue(empty_account.connection)


@pytest.fixture
def pieces(shard: TestShard, queue: Queue) -> TestShard:
    """The supervisor 41, and three pieces that are in its queue."""
    cut_pieces(shard, PIECES)
    send(queue, shard, *PIECES)
    return replace(shard, config=replace(shard.config, shard=41, queue=queue.url, max_attempts=1))


def all_states() -> dict[str, DocumentState]:
    return {key: DocumentState.DONE for pages in PIECES.values() for key in pages}


def test_a_supervisor_works_off_the_queue_and_ends_when_nothing_waits(pieces: TestShard, queue: Queue) -> None:
    ending = supervise(pieces, queue)
    said = ending.progress
    assert (said.state, said.message, ending.restart_helps) == ("finished", "", False)
    assert pieces.states() == all_states()
    # The outputs are below their piece's name, whoever did it.
    assert {key: pieces.marker(key, DocumentState.DONE).shard for key in all_states()} == {
        key: piece for piece, pages in PIECES.items() for key in pages
    }
    assert (said.shard, said.documents, said.pending, said.helped, said.pages_helped) == (41, 0, 0, 6, 39)
    assert queue.depth().is_empty
    for piece in PIECES:
        assert owner_of(pieces, piece).released
        assert not in_work_of(pieces, piece).open


def test_a_failed_document_ends_its_piece_like_any_other(pieces: TestShard, queue: Queue) -> None:
    ending = supervise(pieces.with_script("if name == 'b': raise SystemExit('no')\n"), queue)
    assert (ending.progress.state, ending.progress.helped) == ("finished", 6)
    assert pieces.states() == all_states() | {"b.pdf": DocumentState.FAILED}
    assert queue.depth().is_empty


def test_workers_stay_between_pieces(pieces: TestShard, queue: Queue) -> None:
    home = Path(pieces.config.workdir).parent
    noting = pieces.with_script(f"open({str(home / 'workers')!r}, 'a').write(f'{{os.getppid()}}\\n')\n", slots=("0",))
    supervise(noting, queue)
    assert len(set((home / "workers").read_text().split())) == 1


@pytest.mark.parametrize("how", ["signal", "notice"])
def test_a_stop_gives_pieces_back_at_once_and_takes_nobody_down(pieces: TestShard, queue: Queue, how: str) -> None:
    begun = Path(pieces.config.workdir).parent / "begun"
    busy = pieces.with_script(f"import time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)\n", prefetch=1)

    async def notice() -> str:
        while not begun.exists():
            await asyncio.sleep(0.02)
        if how == "signal":
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(600)
        return "a spot notice"

    ending = supervise(busy, queue, Hooks(notices=(notice,)))
    assert (ending.progress.state, ending.restart_helps) == ("stopped", False)
    assert pieces.states() == {}
    depth = queue.depth()
    assert (depth.visible, depth.in_flight) == (len(PIECES), 0)
    assert owner_of(pieces, 1).released
    # It was no document's fault.
    assert in_work_of(pieces, 1).interrupted == {}
    # Another node has them without having to wait.
    assert supervise(pieces.with_script(), queue, node="node-2").progress.helped == 6
    assert {pieces.marker(key, DocumentState.DONE).attempts for key in all_states()} == {1}


def test_a_piece_whose_lease_another_has_is_left_to_it(pieces: TestShard, queue: Queue) -> None:
    from ansible_collections.glossapi.farm.plugins.module_utils._records.names import piece_lease_uri
    from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease

    other = Lease(pieces.client, piece_lease_uri(pieces.config.results_uri, 2), Owner("other", "node-2"))
    other.take()
    ending = supervise(pieces, queue)
    assert (ending.progress.state, ending.progress.helped) == ("finished", 5)
    assert "c.pdf" not in pieces.states()
    # It is the only message of that piece.
    assert queue.depth().in_flight == 1


def test_without_a_slot_the_supervisor_fails_and_gives_its_pieces_back(pieces: TestShard, queue: Queue) -> None:
    unmakeable = replace(pieces, config=replace(pieces.config, pipeline_options={}))
    ending = supervise(unmakeable, queue)
    assert (ending.progress.state, ending.restart_helps) == ("failed", False)
    assert "No slot is left to work on the queue's pieces." in ending.progress.message
    assert queue.depth().visible == len(PIECES)


def test_a_queue_that_is_gone_ends_the_supervisor_when_its_pieces_are_done(
    pieces: TestShard, queue: Queue, empty_account: AwsAccount
) -> None:
    empty_account.client("sqs").delete_queue(QueueUrl=queue.url)
    ending = supervise(pieces, queue)
    assert (ending.progress.state, ending.restart_helps) == ("failed", True)
    assert "There is no queue" in ending.progress.message


def test_a_queue_out_of_reach_is_waited_for_as_long_as_s3_is(pieces: TestShard, queue: Queue) -> None:
    class Away(Queue):
        asked = 0

        def receive(self, _wait_seconds: int, _visibility_seconds: int) -> None:
            self.asked += 1
            raise AwsError("SQS is away", "EndpointConnectionError")

    away = Away(None, queue.url)
    ending = supervise(replace(pieces, config=replace(pieces.config, outage_seconds=2)), away)
    assert (ending.progress.state, ending.progress.message, ending.restart_helps) == ("failed", "SQS is away", True)
    assert away.asked > 1


def test_an_empty_queue_that_is_out_of_reach_afterwards_is_no_end(pieces: TestShard, queue: Queue) -> None:
    class Flaky(Queue):
        answers = 0

        def receive(self, wait_seconds: int, visibility_seconds: int) -> Received | None:
            self.answers += 1
            if self.answers == 1:
                # As if what waits had come later.
                return None
            if self.answers == 2:
                time.sleep(1)
                raise AwsError("SQS is away", "EndpointConnectionError")
            return super().receive(wait_seconds, visibility_seconds)

    ending = supervise(pieces, Flaky(queue._client, queue.url))
    assert (ending.progress.state, ending.progress.helped) == ("finished", 6)


def test_a_piece_that_is_cut_anew_while_it_is_in_work_is_given_up(
    pieces: TestShard, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    home = Path(pieces.config.workdir).parent
    notes = f"""
        import time
        open({str(home / "begun")!r}, "a").write(name + "\\n")
        while name == "a" and not pathlib.Path({str(home / "go")!r}).exists():
            time.sleep(0.02)
    """
    busy = pieces.with_script(notes, prefetch=1, slots=("0",))

    def cut_anew() -> None:
        until((home / "begun").exists)
        cut_pieces(busy, {1: {}, 2: {"f.pdf": 4, "e.pdf": 5, "d.pdf": 6}, 3: {"c.pdf": 7, "b.pdf": 8, "a.pdf": 9}})
        send(queue, busy, 2, 3, generation=2)
        until(lambda: any("piece 1 is given up" in record.message for record in caplog.records))
        (home / "go").touch()

    with ThreadPoolExecutor(1) as cutting:
        cut = cutting.submit(cut_anew)
        ending = supervise(busy, queue, pace=replace(QUICK, extend_seconds=0.2))
        cut.result()
    assert ending.progress.state == "finished"
    assert busy.states() == all_states()
    # What was in work was left, what waited was not begun.
    assert sorted((home / "begun").read_text().split()) == ["a", "a", "b", "c", "d", "e", "f"]
    assert {busy.marker(key, DocumentState.DONE).shard for key in ("a.pdf", "b.pdf")} == {3}
    # The void message comes again in some minutes, and is deleted then.
    assert (queue.depth().visible, queue.depth().in_flight) == (0, 1)
