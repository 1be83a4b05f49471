# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.charts import HEIGHT
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.stage import finish_of, rate_of, stage_values
from tests.support.queued import queued_progress, queued_values
from tests.support.report_values import farm_of_days, report_values


def test_shards_are_drawn_at_one_scale() -> None:
    first, second = stage_values(report_values())["shards"]
    assert sum(part.width for part in first["bars"]) > sum(part.width for part in second["bars"])
    assert (second["node"], second["state"]) == ("", "not started")


def test_what_is_in_no_shard_does_not_make_the_shards_small() -> None:
    values = report_values()
    before = stage_values(values)["shards"][0]["bars"]
    values["no_shard"] |= {"documents": 9, "pages": 900_000, "done": 9, "pages_done": 900_000}
    *shards, rest = stage_values(values)["shards"]
    assert shards[0]["bars"] == before
    assert (rest["shard"], rest["percent"]) == ("none", "100.0 %")


def test_what_stage_text_has_handed_on_is_ended_there_and_pending_at_stage_ocr() -> None:
    text, ocr = map(stage_values, farm_of_days(4))
    assert (text["shards"][0]["percent"], text["shards"][0]["pending"]) == ("100.0 %", "0")
    assert (text["hands_on"], ocr["hands_on"]) == (True, False)
    assert [part.kind for part in text["shards"][0]["bars"]] == ["done", "forwarded", "failed"]
    assert (ocr["shards"][0]["percent"], ocr["shards"][0]["pending"]) == ("27.1 %", "9,110")
    assert (text["open"], ocr["open"]) == (False, True)


def test_of_stage_math_documents_count_that_wait_for_their_formulas() -> None:
    values = report_values() | {"stage": "math"}
    first, second = values["shards"]
    first |= {"documents": 40, "done": 40, "pending": 0, "open_formulas": 10, "waiting": 10}
    second |= {"documents": 60, "done": 60, "pending": 0, "open_formulas": 60, "waiting": 60}
    stage = stage_values(values)
    assert stage["facts"][0] == "30.0 % of 100 documents, 70 documents pending"
    assert [(row["percent"], row["pending"]) for row in stage["shards"]] == [("75.0 %", "10"), ("0.0 %", "60")]
    assert [part.kind for part in stage["shards"][0]["bars"]] == ["done", "pending"]


def test_silent_and_broken_shards_stand_out() -> None:
    stage = stage_values(farm_of_days(5)[-1])
    assert [shard["state"] for shard in stage["shards"][:5]] == ["running", "running", "silent", "broken", "running"]
    assert [shard["is_ill"] for shard in stage["shards"][:5]] == [False, False, True, True, False]
    assert [node["is_ill"] for node in stage["nodes"]["rows"]] == [False, False, True, True, False]


def test_finish_and_rate_are_those_of_each_shard_and_of_all() -> None:
    values = farm_of_days(4)[-1]
    stage = stage_values(values)
    assert [shard["finish"] for shard in stage["shards"][:4]] == ["2025-12-03 14:05"] * 2 + ["", ""]
    assert rate_of(values) == pytest.approx(2.6 + 2.7)
    assert "5.3 pages a second now" in stage["facts"]
    assert any(fact.startswith("2025-12-03 14:05 UTC") for fact in stage["facts"])


def test_a_shard_that_has_finished_has_the_rate_of_its_run_and_one_that_stopped_has_none() -> None:
    values = report_values()
    for shard in values["shards"]:
        shard |= {"state": "finished", "rate": 0.0, "pages_per_second": 0.0}
    assert [shard["rate"] for shard in stage_values(values)["shards"]] == ["0.7", ""]
    values["shards"][0]["state"] = "broken"
    assert stage_values(values)["shards"][0]["rate"] == "0.0"


def test_without_a_finish_it_says_that_nobody_can_tell() -> None:
    values = report_values()
    assert finish_of(values) is None
    assert "nobody can tell when it is finished" in stage_values(values)["facts"]


def test_quality_is_told_for_each_shard_and_in_all() -> None:
    stage = stage_values(farm_of_days(2)[-1])
    assert [shard["score"] for shard in stage["shards"]] == ["0.901", "0.902", ""]
    assert stage["quality"] == (
        "The text of 6,030 documents has a mean score of 0.902 (0 to 1); pages by verdict: 48,240 blank, 6,030 empty, "
        "422,100 good, 6,030 poor; by source: 180,900 layer, 301,500 ocr."
    )
    assert stage_values(report_values())["quality"] == ""


def test_throughput_and_utilisation_are_drawn_over_time() -> None:
    stage = stage_values(report_values())
    assert stage["throughput"]["scale"] == ["1", "0.5", "0"]
    assert stage["throughput"]["times"][0].startswith("2025-11-24 16:00")
    (node,) = stage["nodes"]["rows"]
    assert node["utilization"].startswith("M")
    assert node["facts"] == ["GPUs 97, ? %, mean 74", "18.0 of 23.0 GiB", "61 °C", "1,000 of 3,800 GB free"]
    assert node["drained"] == ["1: NVRM Xid 79"]


def test_a_node_tells_whom_it_helps_and_how_much_it_has() -> None:
    values = report_values()
    (shard,) = [each for each in values["shards"] if each["machine"] or each["history"]]
    shard |= {"state": "running", "helping": [3, 10], "helped": 1}
    assert stage_values(values)["nodes"]["rows"][0]["facts"][-2:] == ["helps shard 3, 10", "1 document of other shards"]
    shard["state"] = "finished"
    assert stage_values(values)["nodes"]["rows"][0]["facts"][-1] == "1 document of other shards"
    assert "helps shard 3, 10" not in stage_values(values)["nodes"]["rows"][0]["facts"]


def test_a_run_of_seconds_has_its_speed_and_times_to_the_second() -> None:
    values = report_values(shards=3)
    start = 1_764_000_000.0
    for shard, seconds in zip(values["shards"], (2.0, 4.0, 0.0), strict=True):
        shard["history"] = [
            {"time": start, "pages_done": 0, "utilization": ()},
            {"time": start + seconds, "pages_done": 284, "utilization": ()},
        ][: 2 if seconds else 1]
    throughput = stage_values(values)["throughput"]
    heights = [HEIGHT - float(y) for _x, y in re.findall(r"[ML](\S+?) ([\d.]+)", throughput["path"])]
    top = float(throughput["scale"][0])
    assert heights[0] / HEIGHT * top == pytest.approx(142 + 71, abs=1)
    assert heights[-1] / HEIGHT * top == pytest.approx(71, abs=1)
    assert throughput["times"][0] == "16:00:00"
    assert throughput["times"][-1] == "16:00:03"


def test_shards_that_have_told_one_moment_each_have_no_throughput_rather_than_none() -> None:
    values = report_values()
    for number, shard in enumerate(values["shards"]):
        shard["history"] = [{"time": 100.0 * number, "pages_done": 50, "utilization": ()}]
    assert stage_values(values)["throughput"] is None


def test_durations_are_told_from_the_first_class_to_the_last_that_holds_any() -> None:
    rows = stage_values(report_values())["durations"]
    assert [row["label"] for row in rows][:3] == ["up to 1 s", "up to 2 s", "up to 5 s"]
    assert (rows[-1]["label"], rows[-1]["count"]) == ("over 5000 s", "1")


def test_of_pieces_all_are_one_row_and_supervisors_have_a_table_of_their_own() -> None:
    stage = stage_values(queued_values(queued_progress(1), queued_progress(2, state="failed", helping=(3,))))
    assert stage["facts"][:2] == [
        "66.6 % of 1,800 pages, 26 documents pending",
        "1 of 4 pieces finished, 1 in work, 2 waiting",
    ]
    (row,) = stage["shards"]
    assert (row["shard"], row["documents"], row["pending"], row["percent"]) == ("pieces", "40", "26", "66.6 %")
    running, failed = stage["supervisors"]
    assert (running["documents"], running["pages"], running["pieces"], running["rate"]) == ("14", "1,200", "2", "2.0")
    assert (failed["pieces"], failed["is_ill"]) == ("", True)
    assert not any("other shards" in fact for node in stage["nodes"]["rows"] for fact in node["facts"])
