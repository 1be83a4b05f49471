# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._status.attention import (
    failing_alike,
    silent_shards,
    warnings,
)
from tests.support.progress import make_progress

_PROGRESS = make_progress()


def test_only_a_shard_that_runs_can_be_silent() -> None:
    progress = {1: _PROGRESS, 2: replace(_PROGRESS, state="finished"), 3: _PROGRESS}
    assert silent_shards(progress, {1: 301.0, 2: 9000.0, 3: 300.0}, 300) == [1]


def test_slots_that_work_no_more_are_named_with_their_reason() -> None:
    progress = {1: replace(_PROGRESS, drained={"3": "Xid 79"})}
    assert warnings(progress, {1: 1.0}, 300) == ["shard 1: slot 3 of OpenArchive-Shard-1 works no more: Xid 79"]


def test_a_gpu_that_works_no_more_is_told_once_with_all_its_slots() -> None:
    progress = {1: replace(_PROGRESS, drained={"3:1": "Xid 79", "3:2": "Xid 79", "0:2": "no start"})}
    assert warnings(progress, {1: 1.0}, 300) == [
        "shard 1: slot 0:2 of OpenArchive-Shard-1 works no more: no start",
        "shard 1: slot 3:1, 3:2 of OpenArchive-Shard-1 works no more: Xid 79",
    ]


def test_workers_that_their_gpus_memory_does_not_do_for_are_told() -> None:
    progress = {1: replace(_PROGRESS, crowded=6), 2: replace(_PROGRESS, crowded=5)}
    (sentence,) = warnings(progress, {1: 1.0, 2: 1.0}, 300)
    assert sentence.startswith(
        "shard 1: 6 of the last 50 documents of OpenArchive-Shard-1 ran out of their GPU's memory"
    )
    assert sentence.endswith("set farm_workers_per_gpu to fewer")


def test_a_shard_that_too_many_failures_stopped_is_named_with_the_reason() -> None:
    broken = replace(_PROGRESS, state="broken", message="11 of the last 50 documents failed as crash.")
    assert warnings({1: broken}, {1: 9000.0}, 300) == [
        "shard 1: OpenArchive-Shard-1 has stopped: 11 of the last 50 documents failed as crash."
    ]


def test_what_a_node_says_gives_the_terminal_no_orders() -> None:
    progress = {1: replace(_PROGRESS, state="broken", message="\x1b]0;title\x07\nfailed", drained={"0": "\x1b[2J"})}
    assert all(sentence.isprintable() for sentence in warnings(progress, {1: 1.0}, 300))
    assert warnings(progress, {1: 1.0}, 300)[0].endswith("has stopped: \\x1b]0;title\\x07 failed")


def test_a_healthy_farm_needs_no_attention() -> None:
    assert warnings({1: _PROGRESS}, {1: 1.0}, 300) == []


def test_the_warnings_are_in_order_the_silent_nodes_first() -> None:
    progress = {
        10: make_progress(shard=10, node="OpenArchive-Shard-10", drained={"1": "Xid 79", "0": "no memory"}),
        2: make_progress(shard=2, node="OpenArchive-Shard-2", drained={"0": "Xid 48"}),
    }
    assert warnings(progress, {2: 3700.0, 10: 301.0}, 300) == [
        "shard 2: no heartbeat from OpenArchive-Shard-2 for 1 h 1 min: run process.yml again",
        "shard 10: no heartbeat from OpenArchive-Shard-10 for 5 min 1 s: run process.yml again",
        "shard 2: slot 0 of OpenArchive-Shard-2 works no more: Xid 48",
        "shard 10: slot 0 of OpenArchive-Shard-10 works no more: no memory",
        "shard 10: slot 1 of OpenArchive-Shard-10 works no more: Xid 79",
    ]


def test_documents_of_all_shards_that_fail_alike_are_no_chance() -> None:
    (sentence,) = failing_alike({"pipeline": 27, "timeout": 1}, 28, 0.2).values()
    assert sentence.startswith("27 of 28 documents failed as pipeline: ")
    assert "farm_max_failure_share (20%)" in sentence
    assert "(12.5%)" in failing_alike({"pipeline": 27}, 28, 0.125)["pipeline"]


def test_a_few_failures_are_no_sign_and_so_are_those_that_are_the_documents_fault() -> None:
    assert failing_alike({"pipeline": 10}, 11, 0.2) == {}
    assert failing_alike({"pipeline": 4}, 4, 0.2) == {}
    assert failing_alike({"pipeline": 200}, 1000, 0.2) == {}
    assert failing_alike({"encrypted": 500, "corrupt": 500, "needs_ocr": 500, "unknown": 500}, 2000, 0.2) == {}


def test_a_trial_of_which_all_failed_is_a_sign() -> None:
    assert failing_alike({"pipeline": 5}, 5, 0.2).keys() == {"pipeline"}
    assert failing_alike({"pipeline": 3, "crash": 2}, 5, 0.2) == {}


def test_no_limit_is_none() -> None:
    assert failing_alike({"pipeline": 28}, 28, 1) == {}
