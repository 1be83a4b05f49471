# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that several slots recognise, each some of the pages, and what may go wrong with one of them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr import backend
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.slots import gpu_of
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.borrowed import Borrowed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Ending,
    Hooks,
    Supervisor,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support import reading_worker
from tests.support.handed_on import hand_on, outputs
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DONE, FAILED, FORWARDED = DocumentState.DONE, DocumentState.FAILED, DocumentState.FORWARDED
KILL_AT_FIVE = """
import os, signal
if page == 5 and {when}:
    os.write(2, b"the last words\\n")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def shard(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    tmp_path: Path,
    tessdata: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> TestShard:
    """A long document and a short one at stage ``ocr``, in ranges of three pages, and a worker that reads them."""
    monkeypatch.setattr(backend, "RANGE_PAGES", 3)
    monkeypatch.setattr(worker_process, "MODULE", reading_worker.__name__)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, sys.path))))
    monkeypatch.setenv(reading_worker.FOLDER_VARIABLE, str(tmp_path))
    return hand_on(make_shard(client, bucket, connection, tmp_path), {"long.pdf": 12, "short.pdf": 1}, tessdata)


def work(
    shard: TestShard, folder: Path, script: str = "", hooks: Hooks | None = None, borrowed: Borrowed | None = None
) -> Ending:
    """Work off what is open, all of it or but for the short document of a piece that was borrowed."""
    (folder / reading_worker.SCRIPT_NAME).write_text(script)
    config = shard.config
    layout = Layout.of(config)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    documents = read_manifest(client, S3Uri.parse(config.manifests), 1)
    if borrowed is not None:
        documents = [document for document in documents if "long" in document.uri]
    attempts = [Attempt(document, last=config.max_attempts, piece=borrowed) for document in documents]
    account = Account(config, [] if borrowed else documents, {})
    return asyncio.run(Supervisor(config, client, client, attempts, account, hooks or Hooks()).run())


def ranges_of(folder: Path) -> Counter[str]:
    """Return how often each range was begun, by its pages; the short document's one page is left out."""
    lines = [line.split() for line in (folder / reading_worker.NOTES_NAME).read_text().splitlines()]
    return Counter(pages for _slot, _process, pages in lines if pages != "1")


def slots_of(folder: Path) -> set[str]:
    return {line.split()[0] for line in (folder / reading_worker.NOTES_NAME).read_text().splitlines()}


IN_RANGES = Counter({"1,2,3": 1, "4,5,6": 1, "7,8,9": 1, "10,11,12": 1})
# Each of two slots has a range before either goes on.
MEET = """
import time
is_range = len(pages) > 1
if is_range:
    (shared / f"slot-{slot}").touch()
deadline = time.monotonic() + 120
while is_range and len(list(shared.glob("slot-?"))) < 2 and time.monotonic() < deadline:
    time.sleep(0.02)
"""


def test_what_comes_out_is_byte_for_byte_that_of_the_undivided_document(
    shard: TestShard, tmp_path: Path, tessdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = work(shard, tmp_path, MEET)
    assert (ending.progress.state, ending.progress.done, ending.progress.pages_done) == ("finished", 2, 13)
    assert ranges_of(tmp_path) == IN_RANGES
    assert slots_of(tmp_path) == {"0", "1"}
    (tmp_path / reading_worker.NOTES_NAME).unlink()
    monkeypatch.setattr(backend, "RANGE_PAGES", 100)
    again = replace(shard, config=replace(shard.config, results=str(shard.bucket.join("whole"))))
    work(hand_on(again, {"long.pdf": 12, "short.pdf": 1}, tessdata), tmp_path)
    assert ranges_of(tmp_path) == {",".join(map(str, range(1, 13))): 1}
    assert outputs(shard, "long.pdf") == outputs(again, "long.pdf")
    divided, whole = shard.marker("long.pdf", DONE), again.marker("long.pdf", DONE)
    assert [(output.etag, output.bytes) for output in divided.outputs] == [
        (output.etag, output.bytes) for output in whole.outputs
    ]
    changing: dict[str, Any] = {"seconds": 0.0, "finished_at": "", "gpu": "", "outputs": ()}
    assert replace(divided, **changing) == replace(whole, **changing)


def test_a_range_that_ends_its_worker_is_tried_again_as_that_range_and_is_an_attempt_of_the_document(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, KILL_AT_FIVE.format(when="first_time"))
    assert (ending.progress.state, ending.progress.done) == ("finished", 2)
    assert ranges_of(tmp_path) == IN_RANGES + Counter({"4,5,6": 1})
    assert shard.marker("long.pdf", DONE).attempts == 2


def test_a_range_that_fails_as_often_as_a_document_may_fails_the_document_with_its_class(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, KILL_AT_FIVE.format(when="True"))
    assert (ending.progress.state, ending.progress.done, ending.progress.failures) == ("finished", 1, {"crash": 1})
    assert ranges_of(tmp_path)["4,5,6"] == 2
    marker = shard.marker("long.pdf", FAILED)
    assert (marker.failure_class, marker.attempts, marker.pages) == ("crash", 2, 12)
    assert marker.message == "pages 4 to 6: the worker was ended by SIGKILL"
    assert marker.log == str(shard.config.results_uri.join("status", "_logs", "long.pdf.2.log"))
    assert b"the last words" in read_bytes(shard.client, S3Uri.parse(marker.log))
    assert not Layout.of(shard.config).documents.exists()


def test_two_ranges_that_fail_once_each_are_two_attempts_of_the_document(shard: TestShard, tmp_path: Path) -> None:
    script = "import os, signal\nif page in (2, 11) and first_time:\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    ending = work(shard, tmp_path, script)
    assert ending.progress.failures == {"crash": 1}
    assert shard.marker("long.pdf", FAILED).attempts == 2


def test_ranges_that_run_out_of_memory_beside_each_other_each_have_the_machine_then(
    shard: TestShard, tmp_path: Path
) -> None:
    script = f"{MEET}\nif is_range and first_time and page == pages[-1]:\n    raise MemoryError\n"
    ending = work(shard, tmp_path, script)
    assert (ending.progress.state, ending.progress.done, ending.progress.failures) == ("finished", 2, {})
    assert ranges_of(tmp_path) == IN_RANGES + IN_RANGES
    # All but the first are more attempts than the document has otherwise.
    assert shard.marker("long.pdf", DONE).attempts == 5


def test_a_range_that_the_whole_machine_has_too_little_memory_for_fails_its_document(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, "if page == 5:\n    raise MemoryError\n")
    assert ending.progress.failures == {"out_of_memory": 1}
    assert shard.marker("long.pdf", FAILED).attempts == 2


def test_a_failure_that_is_final_is_so_for_the_document_and_its_other_ranges_are_not_begun(
    shard: TestShard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "RANGE_PAGES", 1)
    ending = work(shard, tmp_path, "fail('corrupt')")
    assert ending.progress.failures == {"corrupt": 2}
    marker = shard.marker("long.pdf", FAILED)
    assert (marker.failure_class, marker.attempts) == ("corrupt", 1)
    assert marker.message is not None
    assert marker.message.endswith("the script says so")
    # Of nine: what two slots had by then, and may have taken before they knew.
    assert sum(ranges_of(tmp_path).values()) <= 4


def test_a_stop_leaves_the_document_open_and_the_next_supervisor_starts_it_again(
    shard: TestShard, tmp_path: Path
) -> None:
    stop = "import os, signal, time\nif page == 5:\n    os.kill(os.getppid(), signal.SIGTERM)\n    time.sleep(600)\n"
    ending = work(shard, tmp_path, stop)
    assert (ending.progress.state, ending.progress.failed) == ("stopped", 0)
    assert shard.states()["long.pdf"] is FORWARDED
    (tmp_path / reading_worker.NOTES_NAME).unlink()
    assert work(shard, tmp_path).progress.state == "finished"
    assert ranges_of(tmp_path) == IN_RANGES
    assert shard.marker("long.pdf", DONE).attempts == 1


def test_a_document_whose_slots_are_all_drained_stays_open(shard: TestShard, tmp_path: Path) -> None:
    class Gone:
        async def check_slot(self, slot: str) -> str | None:
            return f"GPU {slot} is gone." if (tmp_path / "seen-5").exists() else None

        async def restart_reason(self, _slot: str) -> str | None:
            return None

    ending = work(shard, tmp_path, f"{MEET}\nif page >= 5:\n    fail('gpu')\n", Hooks(Gone()))
    assert (ending.progress.state, ending.restart_helps) == ("failed", False)
    assert ending.progress.drained == {"0": "GPU 0 is gone.", "1": "GPU 1 is gone."}
    assert shard.states()["long.pdf"] is FORWARDED


def test_ranges_that_fail_otherwise_at_the_same_time_leave_the_document_one_outcome(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, f"{MEET}\nif is_range:\n    fail('corrupt' if slot == '0' else 'encrypted')\n")
    assert ending.progress.state == "finished"
    assert (ending.progress.done, ending.progress.failed, ending.progress.pages_failed) == (1, 1, 12)
    (failure_class,) = ending.progress.failures
    assert failure_class in ("corrupt", "encrypted")
    assert shard.marker("long.pdf", FAILED).failure_class == failure_class
    assert not Layout.of(shard.config).documents.exists()


def test_a_stop_between_the_last_range_and_the_composition_leaves_the_document_open(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, "import os, signal\nif page == 12:\n    os.kill(os.getppid(), signal.SIGTERM)\n")
    assert (ending.progress.state, ending.progress.failed) == ("stopped", 0)
    assert shard.states()["long.pdf"] is FORWARDED
    assert work(shard, tmp_path).progress.state == "finished"
    assert shard.marker("long.pdf", DONE).attempts == 1


class Failing:
    """Hardware whose GPU 1 falls off the bus when somebody has read page 5."""

    def __init__(self, folder: Path) -> None:
        self._seen = folder / "seen-5"

    async def check_slot(self, slot: str) -> str | None:
        return "GPU 1 fell off the bus." if gpu_of(slot) == "1" and self._seen.exists() else None

    async def restart_reason(self, _slot: str) -> str | None:
        return None


def test_a_drained_slots_range_goes_to_the_others_and_counts_as_no_attempt(shard: TestShard, tmp_path: Path) -> None:
    # The slot on GPU 1 loses it while it has that range.
    script = f"{MEET}\nif is_range and slot == '1':\n    (shared / 'seen-5').touch()\n    fail('gpu')\n"
    ending = work(shard, tmp_path, script, Hooks(Failing(tmp_path)))
    assert (ending.progress.state, ending.progress.done) == ("finished", 2)
    assert ending.progress.drained == {"1": "GPU 1 fell off the bus."}
    assert shard.marker("long.pdf", DONE).attempts == 1
    assert sum(ranges_of(tmp_path).values()) == 5


class TakenLease(Lease):
    """One that somebody else has, as is known to who asks for it."""

    def require(self) -> None:
        raise ShardTaken("node-2 works on this shard")


def borrowed_of(shard: TestShard, *, lease_type: type[Lease] = Lease, lost: bool = False) -> Borrowed:
    lease = lease_type(shard.client, shard.bucket.join("loan.lease"), Owner("token", "node-1"))
    lease.take()
    return Borrowed(7, lease, "a", "etag", open=1, lost=lost)


def test_a_document_of_another_shard_is_divided_too_and_is_one_of_its_piece(shard: TestShard, tmp_path: Path) -> None:
    piece = borrowed_of(shard)
    ending = work(shard, tmp_path, KILL_AT_FIVE.format(when="first_time"), borrowed=piece)
    assert (ending.progress.state, ending.progress.helped, ending.progress.pages_helped) == ("finished", 1, 12)
    assert ranges_of(tmp_path) == IN_RANGES + Counter({"4,5,6": 1})
    assert shard.marker("long.pdf", DONE).attempts == 2


@pytest.mark.parametrize("when", ["first_time", "True", "False"])
def test_nothing_is_written_of_a_divided_document_whose_piece_was_taken_back(
    shard: TestShard, tmp_path: Path, when: str
) -> None:
    piece = borrowed_of(shard, lease_type=TakenLease)
    ending = work(shard, tmp_path, KILL_AT_FIVE.format(when=when), borrowed=piece)
    assert (ending.progress.state, ending.progress.helped) == ("finished", 0)
    assert shard.states()["long.pdf"] is FORWARDED
    assert not Layout.of(shard.config).documents.exists()


def test_the_ranges_of_a_document_that_is_known_to_be_taken_back_are_not_begun(
    shard: TestShard, tmp_path: Path
) -> None:
    ending = work(shard, tmp_path, borrowed=borrowed_of(shard, lost=True))
    assert (ending.progress.state, ending.progress.helped) == ("finished", 0)
    assert shard.states()["long.pdf"] is FORWARDED
    assert not (tmp_path / reading_worker.NOTES_NAME).exists()
