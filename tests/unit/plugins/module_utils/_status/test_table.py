# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from ansible_collections.glossapi.farm.plugins.module_utils._status.table import eta_seconds, progress_line, report
from tests.support.progress import make_farm, make_progress

_SHARD = ShardStatus(
    shard=1,
    documents=4,
    pages=100,
    done=2,
    pages_done=60,
    failed=1,
    pages_failed=10,
    pending=1,
    failures={"timeout": 1},
)
_PROGRESS = make_progress(updated_at=0.0, pages=100, pages_done=60, pages_failed=10, pages_per_second=3.0)


def test_the_time_left_is_that_of_the_slowest_shard() -> None:
    second = replace(_SHARD, shard=2)
    progress = {1: _PROGRESS, 2: replace(_PROGRESS, shard=2, pages_per_second=1.0)}
    assert eta_seconds({1: _SHARD}, progress) == 10
    assert eta_seconds({1: _SHARD, 2: second}, progress) == 30


def test_there_is_no_time_left_to_tell_where_pending_work_is_not_running() -> None:
    assert eta_seconds({1: _SHARD}, {}) is None
    assert eta_seconds({1: _SHARD}, {1: replace(_PROGRESS, state="stopped")}) is None
    assert eta_seconds({1: _SHARD}, {1: replace(_PROGRESS, pages_per_second=0.0)}) is None


def test_a_finished_shard_has_no_time_left() -> None:
    assert eta_seconds({1: replace(_SHARD, done=3, pages_done=90, pending=0)}, {}) == 0


def test_the_line_counts_documents_and_shards_that_nobody_has_started() -> None:
    line = progress_line([1, 2], {1: _PROGRESS})
    assert line.startswith(
        "2 of 4 documents done, 1 failed, 1 pending; 60 of 100 pages, 3.0 pages/s, time left unknown"
    )
    assert line.endswith("shards: 1 not started, 1 running")


def test_the_line_tells_the_time_left_once_every_shard_has_a_rate() -> None:
    assert "3.0 pages/s, time left 10 s; shards: 1 running" in progress_line([1], {1: _PROGRESS})


def test_the_report_has_each_shard_the_failures_and_the_account() -> None:
    farm = make_farm([_SHARD], progress={1: _PROGRESS}, ages={1: 90.0}, skipped={"encrypted": 2})
    lines = report(farm).splitlines()
    assert lines[1].split() == ["1", "OpenArchive-Shard-1", "running", "4", "100", "2", "1", "1", "3.0", "1", "timeout"]
    assert "input 4 = 2 done + 1 failed + 1 pending (balances)" in lines
    assert "skipped before the cut: 2 encrypted" in lines


def test_the_report_says_why_an_account_does_not_balance() -> None:
    farm = make_farm([_SHARD], listed=5)
    assert "DOES NOT BALANCE" in report(farm)
    assert "cut the shards again" in report(farm).splitlines()[-1]


def test_the_report_tells_the_time_left_the_costs_and_who_is_silent() -> None:
    farm = make_farm([_SHARD], progress={1: _PROGRESS}, ages={1: 90.0})
    lines = report(farm, Costs(2.0, 11.344, 189.07), silent_seconds=60).splitlines()
    assert "time left: 10 s" in lines
    assert "spent: $11.34 for 2.00 node hours, $189.07 a 1,000 pages" in lines
    assert lines[-1] == "shard 1: no heartbeat from OpenArchive-Shard-1 for 1 min 30 s: run process.yml again"
    assert "no heartbeat" not in report(farm, silent_seconds=100)
