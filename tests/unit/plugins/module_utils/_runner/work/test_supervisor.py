# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.slots import gpu_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import Timings
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import time_limit
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.borrowed import Borrowed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.in_work import WorkRecord
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.loans import THREADS, Loans
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.schedule import Schedule
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Ending,
    Hooks,
    Supervisor,
    leaves,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.trade import Trade
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config
from tests.support.shards import TestShard


class Broken:
    """Hardware of which some GPUs can be used no more."""

    def __init__(self, *gpus: str) -> None:
        self._gpus = gpus

    async def check_slot(self, slot: str) -> str | None:
        return f"GPU {gpu_of(slot)} fell off the bus." if gpu_of(slot) in self._gpus else None

    async def restart_reason(self, _slot: str) -> str | None:
        return None


def supervise(shard: TestShard, hooks: Hooks | None = None, timings: Timings | None = None) -> Ending:
    config = shard.config
    layout = Layout(Path(config.workdir), config.shard)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    documents = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    attempts = [Attempt(document, last=config.max_attempts) for document in documents]
    account = Account(config, documents, {}, timings=timings)
    ending = asyncio.run(Supervisor(config, client, client, attempts, account, hooks or Hooks()).run())
    assert owned_by(owner_name(layout.workdir, config.shard)) == []
    assert not layout.documents.exists()
    return ending


def test_a_document_that_kills_its_worker_is_tried_once_more_by_itself_and_then_quarantined(
    shard: TestShard, tmp_path: Path
) -> None:
    shard.cut({"bad.pdf": 9, "a.pdf": 3, "b.pdf": 2})
    notes = tmp_path / "notes"
    ending = supervise(
        shard.with_script(
            f"""
            with open({str(notes)!r}, "a") as file:
                file.write(f"{{name}} {{os.getppid()}}\\n")
            if name == "bad":
                print("the last words of", name, file=sys.stderr, flush=True)
                import time
                os.write(2, b"")
                os.kill(os.getppid(), 11)
                time.sleep(60)
            """
        )
    )
    assert (ending.progress.state, ending.progress.done, ending.progress.failures) == ("finished", 2, {"crash": 1})
    marker = shard.marker("bad.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("crash", 2)
    workers = [line.split() for line in notes.read_text().splitlines()]
    second = [worker for name, worker in workers if name == "bad"][1]
    assert [name for name, worker in workers if worker == second] == ["bad"]


def test_a_document_that_others_times_cut_short_is_tried_again_with_its_whole_time_though_one_attempt_is_all(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limit, "_LEAST_SECONDS", 1.0)
    timings = Timings()
    for _ in range(200):
        timings = timings.with_share(0.001)
    shard.cut({"slow.pdf": 1})
    # Longer than what it is given first, which is below two seconds.
    slow = shard.with_script("import time\ntime.sleep(2.5)\n", timeout_base=0, timeout_per_page=600, max_attempts=1)
    ending = supervise(slow, timings=timings)
    assert (ending.progress.state, ending.progress.done) == ("finished", 1)
    assert shard.marker("slow.pdf", DocumentState.DONE).attempts == 2


def test_what_a_worker_said_of_a_failed_document_is_in_s3_without_secrets(shard: TestShard) -> None:
    shard.cut({"bad.pdf": 9, "good.pdf": 1})
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    supervise(
        shard.with_script(
            """
            print("of", name, os.environ["AWS_SECRET_ACCESS_KEY"], file=sys.stderr)
            if name == "bad":
                sys.exit(3)
            """
        )
    )
    marker = shard.marker("bad.pdf", DocumentState.FAILED)
    assert marker.log == str(shard.config.results_uri.join("status", "_logs", "bad.pdf.2.log"))
    assert b"of bad ***" in read_bytes(shard.client, S3Uri.parse(marker.log))
    assert secret not in str(marker.message)
    assert shard.marker("good.pdf", DocumentState.DONE).log is None


def test_a_drained_slots_documents_go_to_the_others_and_progress_says_so(shard: TestShard) -> None:
    shard.cut({f"{number}.pdf": 1 for number in range(8)})
    ending = supervise(shard, Hooks(Broken("1")))
    assert (ending.progress.state, ending.progress.done) == ("finished", 8)
    assert ending.progress.drained == {"1": "GPU 1 fell off the bus."}
    assert {shard.marker(key, DocumentState.DONE).gpu for key in shard.states()} == {"0"}
    assert {shard.marker(key, DocumentState.DONE).attempts for key in shard.states()} == {1}


def test_a_drained_gpu_takes_all_its_slots_though_one_of_them_alone_has_noticed(shard: TestShard) -> None:
    shard.cut({f"{number}.pdf": 1 for number in range(8)})
    noticed: list[str] = []

    class Once(Broken):
        async def check_slot(self, slot: str) -> str | None:
            reason = None if noticed else await super().check_slot(slot)
            noticed.extend([slot] if reason else [])
            return reason

    ending = supervise(shard.with_script(workers_per_gpu=2), Hooks(health=Once("1")))
    assert (ending.progress.state, ending.progress.done, len(noticed)) == ("finished", 8, 1)
    assert ending.progress.drained == dict.fromkeys(("1:1", "1:2"), "GPU 1 fell off the bus.")
    assert {shard.marker(key, DocumentState.DONE).attempts for key in shard.states()} == {1}


def test_a_gpu_that_fails_what_others_do_is_drained_whichever_of_its_slots_had_it(shard: TestShard) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(80)})
    script = """
    import time
    if os.environ["CUDA_VISIBLE_DEVICES"] == "1":
        sys.exit(1)
    time.sleep(0.05)
    """
    ending = supervise(shard.with_script(script, workers_per_gpu=2))
    assert (ending.progress.state, ending.progress.done, ending.progress.failed) == ("finished", 80, 0)
    assert sorted(ending.progress.drained) == ["1:1", "1:2"]
    assert {shard.marker(key, DocumentState.DONE).gpu for key in shard.states()} == {"0"}


def test_without_a_slot_the_supervisor_ends_with_every_reason_and_says_that_a_restart_does_not_help(
    shard: TestShard,
) -> None:
    shard.cut({"a.pdf": 1, "b.pdf": 1})
    ending = supervise(shard, Hooks(Broken("0", "1")))
    assert (ending.progress.state, ending.restart_helps) == ("failed", False)
    assert "Slot 0: GPU 0 fell off the bus." in ending.progress.message
    assert ending.progress.drained == {slot: f"GPU {slot} fell off the bus." for slot in "01"}
    assert shard.states() == {}


def test_a_pipeline_that_cannot_be_made_drains_every_slot(shard: TestShard) -> None:
    shard.cut({"a.pdf": 1, "b.pdf": 1})
    ending = supervise(replace(shard, config=replace(shard.config, pipeline_options={})))
    assert (ending.progress.state, ending.restart_helps) == ("failed", False)
    assert "needs the option command" in ending.progress.message


@pytest.mark.parametrize("how", ["signal", "notice"])
def test_a_stop_leaves_what_is_not_done_in_its_time_pending(shard: TestShard, tmp_path: Path, how: str) -> None:
    shard.cut({"slow.pdf": 9, "quick.pdf": 8, "later.pdf": 1})
    busy = shard.with_script(
        f"""
        import time
        if name == "quick":
            while not os.path.exists({str(tmp_path / "stopped")!r}):
                time.sleep(0.02)
        else:
            pathlib.Path({str(tmp_path)!r}, "busy").touch()
            time.sleep(600)
        """,
        grace_seconds=2,
    )

    async def notice() -> str:
        while not (tmp_path / "busy").exists():
            await asyncio.sleep(0.02)
        (tmp_path / "stopped").touch()
        if how == "notice":
            return "the instance is reclaimed"
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()
        return ""

    ending = supervise(busy, Hooks(notices=(notice,)))
    assert (ending.progress.state, ending.progress.pending) == ("stopped", 2)
    assert not ending.restart_helps
    assert ending.progress.message == ("the instance is reclaimed" if how == "notice" else "")
    assert busy.states() == {"quick.pdf": DocumentState.DONE}


class Lost(Lease):
    """A lease that another machine takes once a file exists."""

    def __init__(self, shard: TestShard, sign: Path) -> None:
        super().__init__(shard.client, shard.bucket.join("lease"), Owner("token", "node-1"))
        self._sign = sign

    async def keep(self) -> NoReturn:
        while not self._sign.exists():
            await asyncio.sleep(0.02)
        raise ShardTaken("node-2 works on this shard")


def test_a_supervisor_whose_shard_is_anothers_ends_at_once_and_may_come_back(shard: TestShard, tmp_path: Path) -> None:
    shard.cut({"a.pdf": 1, "b.pdf": 1})
    busy = shard.with_script(
        f"pathlib.Path({str(tmp_path)!r}, 'busy').touch()\nimport time\ntime.sleep(600)\n", grace_seconds=600
    )
    ending = supervise(busy, Hooks(lease=Lost(shard, tmp_path / "busy")))
    assert (ending.progress.state, ending.restart_helps) == ("failed", True)
    assert ending.progress.message == "node-2 works on this shard"
    assert busy.states() == {}


def test_a_supervisor_whose_shard_was_cut_anew_stops_and_is_to_be_started_again(
    shard: TestShard, tmp_path: Path
) -> None:
    shard.cut({"a.pdf": 2, "b.pdf": 1})
    busy = shard.with_script(
        f"pathlib.Path({str(tmp_path)!r}, 'busy').touch()\nimport time\ntime.sleep(600)\n", grace_seconds=0
    )

    async def manifest_change() -> str:
        while not (tmp_path / "busy").exists():
            await asyncio.sleep(0.02)
        return "the shards were cut anew"

    ending = supervise(busy, Hooks(restarts=(manifest_change,)))
    assert (ending.progress.state, ending.progress.message) == ("stopped", "the shards were cut anew")
    assert (ending.progress.pending, ending.restart_helps) == (2, True)


def test_a_guard_that_fails_stops_the_run_and_is_named(shard: TestShard, tmp_path: Path) -> None:
    shard.cut({"a.pdf": 2, "b.pdf": 1})
    busy = shard.with_script(
        f"pathlib.Path({str(tmp_path)!r}, 'busy').touch()\nimport time\ntime.sleep(600)\n", grace_seconds=0
    )

    async def budget() -> str:
        while not (tmp_path / "busy").exists():
            await asyncio.sleep(0.02)
        raise UnicodeError("half a character")

    ending = supervise(busy, Hooks(notices=(budget,)))
    assert (ending.progress.state, ending.progress.pending) == ("stopped", 2)
    assert ending.progress.message == "What watches over the run failed: UnicodeError: half a character"


def test_as_many_threads_as_transfers_at_once() -> None:
    config = a_config(slots=("0", "1"), prefetch=100)
    assert threads_for(config) == 8 + 2 * 4 + 4
    assert threads_for(replace(config, prefetch=1)) == 2 + 2 * 4 + 4


def test_a_group_of_errors_is_told_one_by_one() -> None:
    first, second = ValueError("a"), OSError("b")
    assert leaves(ExceptionGroup("all", [first, ExceptionGroup("some", [second])])) == [first, second]
    assert leaves(first) == [first]


def test_a_run_in_which_too_many_fail_alike_is_broken_and_its_documents_stay_pending(shard: TestShard) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(60)})
    ending = supervise(shard.with_script("if int(name) >= 20:\n    sys.exit(1)\n", max_attempts=1, grace_seconds=60))
    progress = ending.progress
    assert (progress.state, progress.failure_class, ending.restart_helps) == ("broken", "pipeline", False)
    assert "failed as pipeline" in progress.message
    # The run is broken by the eleventh of them; one of the ten before may not have had its marker by then.
    assert progress.done == 20
    assert progress.failed <= 10
    assert progress.pending == 60 - progress.done - progress.failed
    assert len(shard.states()) == progress.done + progress.failed


def test_documents_that_will_be_tried_again_break_the_run_before_any_has_failed(shard: TestShard) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(30)})
    ending = supervise(shard.with_script("sys.exit(1)\n"))
    assert (ending.progress.state, ending.progress.failed, ending.progress.pending) == ("broken", 0, 30)
    assert shard.states() == {}


def test_a_small_shard_of_which_some_fail_is_finished(shard: TestShard) -> None:
    shard.cut({f"{number}.pdf": 1 for number in range(5)})
    ending = supervise(shard.with_script("if int(name) < 2:\n    sys.exit(1)\n"))
    assert (ending.progress.state, ending.progress.done, ending.progress.failed) == ("finished", 3, 2)


def test_a_slot_that_fails_what_others_do_is_drained_and_fails_no_document_more(shard: TestShard) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(80)})
    script = """
    import time
    if os.environ["CUDA_VISIBLE_DEVICES"] == "1":
        sys.exit(1)
    time.sleep(0.05)
    """
    ending = supervise(shard.with_script(script, max_attempts=2))
    assert (ending.progress.state, ending.progress.done, ending.progress.failed) == ("finished", 80, 0)
    assert list(ending.progress.drained) == ["1"]
    assert "failed as pipeline" in ending.progress.drained["1"]


def test_a_shard_whose_documents_are_gone_is_broken_and_most_of_them_stay_pending(shard: TestShard) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(40)})
    for number in range(40):
        shard.client.delete_object(Bucket=shard.bucket.bucket, Key=f"{number:02}.pdf")
    ending = supervise(shard.with_script(grace_seconds=60))
    assert (ending.progress.state, ending.progress.failure_class) == ("broken", "download")
    assert ending.progress.failures == {"download": 10}
    assert len(shard.states()) == 10


def test_a_document_of_another_shard_is_done_for_it_and_one_that_was_taken_back_is_left_to_it(shard: TestShard) -> None:
    shard.cut({"own.pdf": 1, "its.pdf": 2, "bad.pdf": 3, "lost.pdf": 4})
    config = shard.with_script("if name == 'bad': raise SystemExit('no')\n", max_attempts=1).config
    layout = Layout(Path(config.workdir), config.shard)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    own, *others = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    lease = Lease(client, shard.bucket.join("loan.lease"), Owner("token", "node-1"))
    lease.take()
    kept, lost = Borrowed(7, lease, "a", "etag", open=2), Borrowed(8, lease, "b", "etag", open=1, lost=True)
    attempts = [Attempt(own)] + [
        Attempt(document, piece=lost if "lost" in document.uri else kept) for document in others
    ]
    account = Account(config, [own], {})
    ending = asyncio.run(Supervisor(config, client, client, attempts, account, Hooks()).run())
    assert shard.states() == {
        "own.pdf": DocumentState.DONE,
        "its.pdf": DocumentState.DONE,
        "bad.pdf": DocumentState.FAILED,
    }
    assert shard.marker("its.pdf", DocumentState.DONE).shard == 7
    said = ending.progress
    assert (said.state, said.documents, said.done, said.failed, said.failures) == ("finished", 1, 1, 0, {})
    assert (said.helped, said.pages_helped) == (2, 2)
    assert said.effort is not None
    assert said.effort.pages == 3


def test_what_is_in_work_is_closed_before_anything_borrowed_is_given_back(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard.cut({"own.pdf": 1})
    config = shard.with_script().config
    ended: list[str] = []

    async def close_record(_record: WorkRecord, _backoff: object) -> None:
        ended.append("record")

    async def close_trade(_trade: Trade) -> None:
        ended.append("trade")

    monkeypatch.setattr(WorkRecord, "close", close_record)
    monkeypatch.setattr(Trade, "close", close_trade)
    with ThreadPoolExecutor(THREADS) as executor:
        loans = Loans(
            shard.client, config, Owner("token", "node-1"), lambda _documents: Selection([], {}, 0, 0, 0), executor
        )

        def trade(schedule: Schedule, account: Account, _backoff: Backoff) -> Trade:
            return Trade(config, loans, (), schedule, account)

        record = WorkRecord.of_shard(shard.client, config.results_uri, config.shard, config.stage)
        supervise(shard.with_script(), Hooks(record=record, source=trade))
    assert ended == ["record", "trade"]


def test_a_supervisor_that_helps_and_whose_shard_was_cut_anew_is_to_be_started_again(
    shard: TestShard, tmp_path: Path
) -> None:
    shard.cut({"its.pdf": 2})
    config = shard.with_script(
        f"pathlib.Path({str(tmp_path)!r}, 'busy').touch()\nimport time\ntime.sleep(600)\n", grace_seconds=0
    ).config

    async def manifest_change() -> str:
        while not (tmp_path / "busy").exists():
            await asyncio.sleep(0.02)
        return "the shards were cut anew"

    layout = Layout(Path(config.workdir), config.shard)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    lease = Lease(client, shard.bucket.join("loan.lease"), Owner("token", "node-1"))
    (document,) = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    attempts = [Attempt(document, piece=Borrowed(7, lease, "a", "etag", open=1))]
    hooks = Hooks(restarts=(manifest_change,))
    ending = asyncio.run(Supervisor(config, client, client, attempts, Account(config, [], {}), hooks).run())
    assert (ending.progress.state, ending.progress.pending, ending.restart_helps) == ("stopped", 0, True)
