# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import Scored, ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import Timings
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from tests.support.config import a_config

CONFIG = a_config()
PAGES = {"a": 10, "b": 20, "c": 30, "d": 40}
DOCUMENTS = [Document(f"s3://b/{name}.pdf", pages, None) for name, pages in PAGES.items()]


def test_every_document_is_done_failed_or_pending_at_any_time() -> None:
    account = Account(CONFIG, DOCUMENTS, {"a.pdf": DocumentState.DONE, "b.pdf": DocumentState.FAILED})
    account.add_done(DOCUMENTS[2], 7.0)
    before = account.progress("running")
    account.add_failed(DOCUMENTS[3], FailureClass.TIMEOUT)
    after = account.progress("finished", "all")
    assert (before.done, before.failed, before.pending) == (2, 1, 1)
    assert (after.done, after.failed, after.pending) == (2, 2, 0)
    assert (after.documents, after.pages, after.pages_done, after.pages_failed) == (4, 100, 40, 60)
    assert (after.failures, after.message) == ({"timeout": 1}, "all")


def test_what_was_handed_on_is_neither_done_nor_pending_and_counts_for_the_speed() -> None:
    account = Account(CONFIG, DOCUMENTS, {"a.pdf": DocumentState.FORWARDED})
    account.add_forwarded(DOCUMENTS[1], 7.0)
    said = account.progress("running")
    assert (said.forwarded, said.pages_forwarded, said.done, said.pending) == (2, 30, 0, 2)
    assert said.pages_pending == 70
    assert said.pages_per_second > 0
    assert sum(account.durations) == 1


def test_the_text_of_documents_that_were_measured_is_summed_up() -> None:
    account = Account(CONFIG, DOCUMENTS, {})
    account.add_done(DOCUMENTS[0], 7.0, QualitySummary("good", 0.5, {"layer": 10}, {"good": 10}))
    account.add_done(DOCUMENTS[1], 7.0)
    assert account.quality == ShardQuality(1, 0.5, {"layer": 10}, {"good": 10}, (Scored("a.pdf", 0.5),))


def test_pages_of_an_earlier_supervisor_are_not_this_ones_speed() -> None:
    account = Account(CONFIG, DOCUMENTS, {"d.pdf": DocumentState.DONE})
    assert account.progress("running").pages_per_second == 0


def test_its_start_and_its_last_word_are_told_in_seconds_since_the_epoch() -> None:
    before = time.time()
    said = Account(CONFIG, DOCUMENTS, {}).progress("running")
    assert before <= said.started_at <= said.updated_at <= time.time()


def test_a_slot_shows_its_document() -> None:
    account = Account(CONFIG, DOCUMENTS, {})
    account.begin("0", DOCUMENTS[0])
    assert account.progress("running").slots == {"0": "s3://b/a.pdf"}
    account.end("0")
    assert account.progress("running").slots == {"0": ""}


def test_what_ran_out_of_its_gpus_memory_beside_others_is_counted_in_the_last_fifty() -> None:
    account = Account(CONFIG, DOCUMENTS, {})
    for crowded in (True, True, False):
        account.note_memory(crowded=crowded)
    assert account.progress("running").crowded == 2
    for _document in range(49):
        account.note_memory(crowded=False)
    assert account.progress("running").crowded == 0


def test_the_outlook_is_of_the_documents_without_an_outcome_and_goes_on_with_what_was_measured() -> None:
    timings = Timings(CONFIG.timings_basis)
    for _ in range(10):
        timings = timings.with_document(10, 20.0)
    account = Account(CONFIG, DOCUMENTS, {"a.pdf": DocumentState.DONE}, timings=timings)
    before = account.progress("running").outlook
    assert before is not None
    assert before.seconds == pytest.approx(90 * 2)
    account.add_failed(DOCUMENTS[3], FailureClass.CORRUPT)
    account.add_forwarded(DOCUMENTS[2], 7.0)
    after = account.progress("running").outlook
    assert after is not None
    assert after.seconds == pytest.approx(20 * 2)
    assert after.pages_per_second > 0


def test_a_clock_that_jumps_makes_no_other_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    account = Account(CONFIG, DOCUMENTS, {}, clock=lambda: seconds[0])
    account.add_done(DOCUMENTS[0], 7.0)
    seconds[0] = 10.0
    now = time.time()
    for jump in (-86_400, 86_400):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        assert 0.9 < account.progress("running").pages_per_second <= 1.0


def test_what_another_shards_node_has_ended_counts_for_the_shard_and_not_for_this_supervisors_effort() -> None:
    account = Account(CONFIG, DOCUMENTS, {})
    account.note_trade(70, 3, (2,))
    states = {
        "a.pdf": DocumentState.DONE,
        "b.pdf": DocumentState.FAILED,
        "c.pdf": DocumentState.FORWARDED,
    }
    account.add_lent(DOCUMENTS, states)
    said = account.progress("running")
    assert (said.done, said.failed, said.forwarded, said.pending) == (1, 1, 1, 1)
    assert (said.pages_done, said.pages_failed, said.pages_forwarded) == (10, 20, 30)
    assert (said.queued_pages, said.lent, said.helping) == (70, 3, (2,))
    assert said.effort is not None
    assert (said.effort.pages, said.pages_per_second, said.failures) == (0, 0, {})


def test_what_was_done_for_another_shard_counts_for_the_effort_and_not_for_this_shard() -> None:
    account = Account(CONFIG, [], {})
    for document, state in zip(
        DOCUMENTS, (DocumentState.DONE, DocumentState.FAILED, DocumentState.FORWARDED), strict=False
    ):
        account.add_helped(document, 7.0, state)
    said = account.progress("finished")
    assert (said.documents, said.done, said.failed, said.forwarded, said.pending) == (0, 0, 0, 0, 0)
    assert (said.helped, said.pages_helped, sum(account.durations)) == (3, 40, 2)
    assert said.effort is not None
    # What was handed on is no page done, here as in its own shard.
    assert said.effort.pages == 10
    assert said.pages_per_second > 0
