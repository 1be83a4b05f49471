# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import NO_SHARD, Account, Sums
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import FormulaFailures
from ansible_collections.glossapi.farm.plugins.module_utils._status.outlook import farm_outlook, outlook
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus, reconcile
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import Heartbeat
from ansible_collections.glossapi.farm.plugins.module_utils._status.table import progress_line, report, supervisors_line
from tests.support.progress import NOTHING, make_farm, make_progress
from tests.support.queued import queued_farm, queued_progress

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
_REST = ShardStatus(NO_SHARD, 3, 40, 1, 10, 1, 10, 1, {"gpu": 1})
_NOW = 1_764_000_000.0
_SAID = Outlook(3.0, 4980.0, 3000.0, 6000.0)
_PROGRESS = make_progress(
    updated_at=0.0, pages=100, pages_done=60, pages_failed=10, pages_per_second=3.5, outlook=_SAID
)


def test_the_line_counts_documents_and_shards_that_nobody_has_started() -> None:
    found = outlook({1: 1, 2: 1}, {1: Heartbeat(_PROGRESS, 0.0)}, 60, _NOW)
    assert progress_line([1, 2], {1: _PROGRESS}, found) == (
        "2 of 4 documents done, 1 failed, 1 pending; 60 of 100 pages, 3.0 pages/s, "
        "no end in sight: nobody works on shard 2; shards: 1 not started, 1 running"
    )


def test_the_line_tells_when_the_last_shard_will_be_finished() -> None:
    second = replace(_PROGRESS, documents=9, done=7, failed=2, pending=0, pages=500, pages_done=440)
    progress = {
        1: _PROGRESS,
        2: replace(second, shard=2, state="finished", pages_per_second=64.0),
        3: replace(second, shard=3, done=5, pending=2, outlook=Outlook(1.26, 40.0, 20.0, 60.0)),
    }
    heartbeats = {shard: Heartbeat(each, 0.0) for shard, each in progress.items()}
    found = outlook({shard: each.pending for shard, each in progress.items()}, heartbeats, 60, _NOW)
    assert progress_line([1, 2, 3], progress, found) == (
        "14 of 22 documents done, 5 failed, 3 pending; 940 of 1100 pages, 4.3 pages/s, finished about "
        "2025-11-24 17:23 UTC, between 2025-11-24 16:50 and 2025-11-24 17:40: 1 h 23 min left; "
        "shards: 1 finished, 2 running"
    )


def test_the_line_says_where_nothing_is_left() -> None:
    said = replace(_PROGRESS, state="finished", done=3, pending=0)
    found = outlook({1: 0}, {1: Heartbeat(said, 0.0)}, 60, _NOW)
    assert "0.0 pages/s, nothing left; shards: 1 finished" in progress_line([1], {1: said}, found)


def test_the_report_of_a_farm_in_trouble_tells_all_of_it() -> None:
    second = ShardStatus(
        shard=2,
        documents=20,
        pages=3000,
        done=12,
        pages_done=1500,
        failed=6,
        pages_failed=700,
        pending=2,
        failures={"corrupt": 2, "timeout": 4},
    )
    third = ShardStatus(
        shard=10, documents=8, pages=500, done=8, pages_done=500, failed=0, pages_failed=0, pending=0, failures={}
    )
    shards = [_SHARD, second, third]
    farm = make_farm(
        shards,
        progress={
            1: replace(_PROGRESS, node="node-1", drained={"1": "Xid 79"}),
            2: replace(_PROGRESS, shard=2, node="node-2", outlook=replace(_SAID, pages_per_second=0.16)),
        },
        ages={1: 90.0, 2: 59.0},
        skipped={"too_short": 1, "encrypted": 2},
        no_shard=_REST,
        reconciliation=reconcile(33, shards, _REST, Account(listed=32, unlisted=5, missing_markdown=3)),
    )
    assert len(farm.reconciliation.problems) == 2
    assert report(
        farm, farm_outlook(farm, 60, _NOW), Costs(7200.0, 11.344, 189.07), ["slot 1 works no more"]
    ).splitlines() == [
        "shard  node    state        documents  pages  done  failed  pending  pages/s  failures by class",
        "    1  node-1  running              4    100     2       1        1      0.0  1 timeout",
        "    2  node-2  running             20   3000    12       6        2      0.2  2 corrupt, 4 timeout",
        "   10  -       not started          8    500     8       0        0        -",
        "    -  -       in no shard          3     40     1       1        1        -  1 gpu",
        "  all                              35   3640    23       8        4      0.2  2 corrupt, 1 gpu, 5 timeout",
        "",
        "input 35 = 23 done + 8 failed + 4 pending (DOES NOT BALANCE)",
        "pending and in no shard: 1: cut the shards to have them processed",
        "skipped before the cut: 2 encrypted, 1 too_short",
        "finished and not in the table of page counts now: 5",
        "done documents without their Markdown: 3",
        "no end in sight: nobody works on shard 1",
        "spent: $11.34 for 2.00 node hours, $189.07 a 1,000 pages",
        "slot 1 works no more",
        *farm.reconciliation.problems,
    ]


def test_the_report_of_a_farm_that_is_done_tells_no_more_than_that() -> None:
    finished = replace(_SHARD, done=3, pages_done=90, pending=0, failures={"timeout": 1})
    farm = make_farm(
        [finished],
        progress={1: replace(_PROGRESS, state="finished")},
        ages={1: 1e6},
        reconciliation=reconcile(4, [finished], NOTHING, Account(listed=4)),
    )
    assert report(farm, farm_outlook(farm, 60, _NOW)).splitlines() == [
        "shard  node                 state     documents  pages  done  failed  pending  pages/s  failures by class",
        "    1  OpenArchive-Shard-1  finished          4    100     3       1        0      0.0  1 timeout",
        "  all                                         4    100     3       1        0      0.0  1 timeout",
        "",
        "input 4 = 3 done + 1 failed + 0 pending (balances)",
    ]


def test_outputs_that_were_looked_for_and_found_are_told() -> None:
    account = reconcile(4, [_SHARD], NOTHING, Account(listed=4, unlisted=5, missing_markdown=0))
    farm = make_farm([_SHARD], reconciliation=account)
    assert report(farm, farm_outlook(farm, 60, _NOW)).splitlines()[-3:] == [
        "finished and not in the table of page counts now: 5",
        "done documents without their Markdown: 0",
        "no end in sight: nobody works on shard 1",
    ]


def test_where_the_text_comes_from_is_told_where_ocr_has_to_do_with_it_and_what_is_no_text_anywhere() -> None:
    farm = make_farm([_SHARD])
    found = farm_outlook(farm, 60, _NOW)
    assert "good by" not in report(farm, found)
    lines = report(replace(farm, recognised=Sums(1, 20), poor=Sums(1, 10)), found).splitlines()
    first = lines.index("good by their text layer: 1 document, 40 pages")
    assert lines[first + 1 : first + 3] == [
        "good by OCR: 1 document, 20 pages; 0 wait for it",
        "failed as their text is no text: 1 document, 10 pages",
    ]


def test_documents_without_their_formulas_are_counted_by_class() -> None:
    farm = make_farm([_SHARD])
    found = farm_outlook(farm, 60, _NOW)
    assert "formulas" not in report(farm, found)
    farm = replace(farm, formula_failures=FormulaFailures({"timeout": 2, "gpu": 1}))
    assert "done without their formulas: 1 gpu, 2 timeout" in report(farm, found).splitlines()


def test_of_pieces_the_report_has_the_supervisors_and_a_line_of_all_pieces() -> None:
    gone = queued_progress(12, node="node-12", state="stopped", helped=1, pages_helped=10, helping=())
    farm = queued_farm(queued_progress(1), gone, no_shard=_REST, ages={1: 4.0, 12: 7200.0})
    assert report(farm, farm_outlook(farm, 60, _NOW)).splitlines() == [
        "supervisor  node     state    last word      documents  pages  pages/s",
        "         1  node-1   running  4 s ago               14   1200      2.0",
        "        12  node-12  stopped  2 h 0 min ago          1     10      0.0",
        "       all                                          15   1210      2.0",
        "",
        "pieces: 1 of 4 finished, 1 in work, 2 waiting",
        "failed by class: 1 gpu, 1 timeout",
        "",
        "input 40 = 13 done + 1 failed + 26 pending (balances)",
        "pending and in no shard: 1: cut the shards to have them processed",
        "done documents without their Markdown: 0",
        "finished about 2025-11-24 16:05 UTC, between 2025-11-24 16:02 and 2025-11-24 16:05: 5 min 0 s left",
    ]


def test_the_line_of_supervisors_that_take_pieces_says_what_they_do() -> None:
    said = {1: queued_progress(1), 2: queued_progress(2, state="finished", helping=())}
    assert supervisors_line(said, 2.0) == (
        "28 documents and 2400 pages ended by those that have started, 1 piece in work, 2.0 pages/s; "
        "supervisors: 1 finished, 1 running"
    )
    assert supervisors_line({}, 0.0).endswith("supervisors: none yet")
