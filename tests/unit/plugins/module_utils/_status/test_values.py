# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.history import NO_DURATIONS, History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import ENDED, NodeRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import PaidTime
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import FormulaFailures
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus, reconcile
from ansible_collections.glossapi.farm.plugins.module_utils._status.text_quality import TextQuality
from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from tests.support.markers import make_marker
from tests.support.progress import NOTHING, make_farm, make_progress
from tests.support.queued import queued_farm, queued_progress

_SHARDS = (
    ShardStatus(1, 4, 1000, 2, 200, 1, 100, 1, {"timeout": 1}),
    ShardStatus(2, 1, 10, 0, 0, 0, 0, 1, {}),
)
_MACHINE = MachineSample(90.0, (GpuSample(0, 97.0, 18211.0, 23028.0, 61.0),), 100, 50)
_HISTORY = History((Point(0.0, 0, (50.0,)), Point(60.0, 120, (90.0,))), (1, 1, *NO_DURATIONS[2:]))
_FARM = make_farm(
    _SHARDS,
    progress={1: make_progress(machine=_MACHINE, drained={"1": "Xid 79"})},
    ages={1: 20.0},
    paid=PaidTime(other_seconds=100.0),
    histories={1: _HISTORY},
    text_quality=TextQuality(
        {1: ShardQuality(2, 1.5, {"layer": 3}, {"good": 3})},
        (
            make_marker(
                uri="s3://raw/a/b.pdf",
                shard=3,
                quality=QualitySummary("good", 0.6, {"layer": 2}, {"good": 1, "poor": 1}),
                outputs=(Output("s3://r/shard-3/markdown/a/b.pdf.md", "etag", 9),),
            ),
        ),
    ),
    failed_documents=(
        make_marker(uri="s3://raw/b.pdf", failure_class="timeout", message="120 s are over", log="s3://r/b.log"),
    ),
)


def values(
    stale: Mapping[int, Mapping[str, int]] | None = None, silent_after: float = 60, price: float | None = None
) -> dict[str, Any]:
    return values_of(
        _FARM, waited="", price_per_hour=price, silent_after=silent_after, max_failure_share=0.2, stale=stale
    )


def test_a_shard_has_its_markers_its_supervisors_word_and_its_node() -> None:
    first, second = values()["shards"]
    assert (first["node"], first["done"], first["failures"]) == ("OpenArchive-Shard-1", 2, {"timeout": 1})
    assert first["drained"] == {"1": "Xid 79"}
    assert first["machine"]["gpus"][0]["temperature"] == 61.0
    assert (first["seconds_since_update"], first["silent"], first["stale"]) == (20.0, False, None)
    assert (second["node"], second["state"], second["machine"]) == (None, "not started", None)
    assert (first["quality"], second["quality"]) == (
        {"documents": 2, "score": 0.75, "pages": {"layer": 3}, "verdicts": {"good": 3}},
        None,
    )
    assert first.keys() == second.keys()


def test_all_that_wants_attention_is_told_and_stands_below_the_report() -> None:
    alike = replace(_SHARDS[1], failed=27, failures={"pipeline": 27})
    farm = replace(
        _FARM,
        shards=(_SHARDS[0], alike),
        reconciliation=reconcile(30, [_SHARDS[0], alike], NOTHING, Account(listed=30)),
        failed_at_stage={"pipeline": 27},
        unreadable=("s3://r/shard_10.json is empty.",),
    )
    found = values_of(farm, waited="", price_per_hour=None, silent_after=10, max_failure_share=0.2, stale=None)
    silent, drained, failing, unreadable = found["attention"]
    assert silent.startswith("shard 1: no heartbeat from OpenArchive-Shard-1 for 20 s")
    assert drained == "shard 1: slot 1 of OpenArchive-Shard-1 works no more: Xid 79"
    assert found["failing_alike"] == {"pipeline": failing}
    assert unreadable == "s3://r/shard_10.json is empty."
    assert "\n".join(found["attention"]) in found["report"]


def test_what_fails_alike_is_a_share_of_what_the_stage_has_ended() -> None:
    # Of 100 documents one waits for the stage, 20 for the next one; the failed ones of that are not this stage's.
    shard = ShardStatus(1, 100, 1000, 50, 500, 29, 290, 21, {"pipeline": 20, "unreadable": 9}, forwarded=20)
    farm = replace(_FARM, shards=(shard,), reconciliation=reconcile(100, [shard], NOTHING, Account(listed=100)))

    def alike(**failures: int) -> dict[str, Any]:
        found = replace(farm, failed_at_stage=failures)
        return values_of(found, waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None)

    assert alike(pipeline=19)["failing_alike"] == {}
    assert alike(pipeline=20)["failing_alike"]["pipeline"].startswith("20 of 99 documents failed as pipeline: ")


def test_formulas_that_fail_alike_are_told_at_their_stage_though_the_documents_are_done() -> None:
    def alike(stage: Stage, ended: int) -> dict[str, str]:
        failures = FormulaFailures(by_class={"timeout": 20})
        farm = replace(_FARM, stage=stage, formula_failures=failures, formulas_ended=ended)
        found = values_of(farm, waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None)
        told: dict[str, str] = found["failing_alike"]
        return told

    assert alike(Stage.MATH, 99)["timeout"].startswith("20 of 99 documents failed as timeout: ")
    assert alike(Stage.MATH, 100) == alike(Stage.OCR, 99) == {}


def test_what_came_of_all_and_the_worst_of_what_is_done_are_told() -> None:
    found = values()
    assert found["outcomes"]["good_by_layer"] == {"documents": 2, "pages": 200}
    assert found["outcomes"]["failed"] == {"documents": 1, "pages": 100}
    assert found["worst_documents"] == [
        {
            "uri": "s3://raw/a/b.pdf",
            "stage": "text",
            "shard": 3,
            "verdict": "good",
            "score": 0.6,
            "pages": {"layer": 2},
            "verdicts": {"good": 1, "poor": 1},
            "markdown": "s3://r/shard-3/markdown/a/b.pdf.md",
            "quality": None,
        }
    ]
    assert found["stage"] == "text"


def test_silence_and_costs_are_told_where_they_are_asked_for() -> None:
    assert values(silent_after=10)["shards"][0]["silent"] is True
    assert values()["costs"] is None
    assert values(price=36.0)["costs"] == {
        "node_seconds": 100.0,
        "usd": 1.0,
        # Of the 200 pages that are done now, whatever was worked on.
        "usd_per_1000_pages": 5.0,
        "storage_usd": 0.0,
    }


def test_a_shards_past_and_the_documents_durations_are_told() -> None:
    found = values()
    assert found["shards"][0]["history"][1] == {"time": 60.0, "pages_done": 120, "utilization": (90.0,)}
    assert found["shards"][1]["history"] == []
    assert found["durations"][:2] == [{"seconds": 1, "documents": 1}, {"seconds": 2, "documents": 1}]
    assert found["durations"][-1] == {"seconds": None, "documents": 0}
    assert found["balance"] == {"imbalance": 1.02, "imbalance_lower_bound": 1.0}


def test_a_failed_document_has_its_class_its_message_and_its_log() -> None:
    assert values()["failed_documents"] == [
        {
            "uri": "s3://raw/b.pdf",
            "shard": 1,
            "class": "timeout",
            "message": "120 s are over",
            "attempts": 1,
            "log": "s3://r/b.log",
        }
    ]


def test_documents_without_their_formulas_are_counted_by_class_and_named() -> None:
    unread = make_marker(uri="s3://raw/c.pdf", failure_class="timeout", message="120 s are over")
    farm = replace(_FARM, formula_failures=FormulaFailures({"timeout": 2, "gpu": 1}, (unread,)))
    found = values_of(farm, waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None)
    assert list(found["formula_failures"].items()) == [("gpu", 1), ("timeout", 2)]
    (named,) = found["documents_without_formulas"]
    assert (named["uri"], named["class"], named["message"]) == ("s3://raw/c.pdf", "timeout", "120 s are over")
    assert "done without their formulas: 1 gpu, 2 timeout" in found["report"]


def test_stale_documents_are_told_for_each_shard_where_somebody_looked() -> None:
    found = values(stale={2: {"input": 1}})
    assert [shard["stale"] for shard in found["shards"]] == [{}, {"input": 1}]
    assert "stale: 1 for another input" in found["report"]
    assert "stale" not in values()["report"]


def test_what_is_in_no_shard_is_told() -> None:
    farm = replace(_FARM, no_shard=replace(NOTHING, documents=2, pages=900, done=1, pages_done=800, pending=1))
    found = values_of(farm, waited="", price_per_hour=36.0, silent_after=60, max_failure_share=0.2, stale=None)
    assert (found["no_shard"]["pages_done"], "shard" in found["no_shard"]) == (800, False)


def test_all_of_it_is_json() -> None:
    assert json.loads(json.dumps(values(stale={}, price=1.0)))["pages_per_second"] == 2.0


def test_a_node_that_has_ended_itself_is_in_the_report_and_wants_attention() -> None:
    ended = NodeRecord("OpenArchive-Shard-1", "i-1", state=ENDED, cause="budget", message="all is spent")
    farm = replace(_FARM, nodes=(ended,))
    found = values_of(farm, waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None)
    sentence = "OpenArchive-Shard-1 has ended itself (budget): all is spent"
    assert sentence in found["attention"]
    assert sentence in found["report"].splitlines()


def test_of_pieces_all_documents_are_told_together_and_supervisors_have_none() -> None:
    farm = queued_farm(queued_progress(7))
    found = values_of(
        farm,
        waited="",
        price_per_hour=None,
        silent_after=60,
        max_failure_share=0.2,
        stale={2: {"options": 1}, 3: {"options": 2}},
    )
    (supervisor,) = found["shards"]
    assert (supervisor["shard"], supervisor["documents"], supervisor["helped"], supervisor["pages_helped"]) == (
        7, 0, 14, 1200
    )  # fmt: skip
    told = {name: found["pieces"][name] for name in ("number", "finished", "in_work", "documents", "waiting", "stale")}
    assert told == {
        "number": 4, "finished": 1, "in_work": 1, "documents": 40, "waiting": 26, "stale": {"options": 3}
    }  # fmt: skip
    assert (found["waiting"], found["outcomes"]["pending"]["documents"], found["eta_seconds"]) == (26, 26, 300.0)
    assert json.dumps(found)


def test_of_shards_all_that_wait_are_told_and_no_pieces() -> None:
    assert (values()["waiting"], values()["pieces"]) == (2, None)
