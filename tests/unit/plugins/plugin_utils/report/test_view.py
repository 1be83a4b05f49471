# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.view import page_values
from tests.support.progress import make_farm
from tests.support.report_values import report_values


def test_the_numbers_asked_for_first_are_told_first() -> None:
    tiles = {meaning: number for number, meaning in page_values(report_values(), "farm", "")["tiles"]}
    assert tiles["of 9,000 pages"] == "4,000"
    assert tiles["until the last shard is finished"] == "unknown"
    assert "for 1,000 pages" in tiles


def test_shards_are_drawn_at_one_scale() -> None:
    first, second = page_values(report_values(), "farm", "")["shards"]
    assert sum(part.width for part in first["bars"]) > sum(part.width for part in second["bars"])
    assert (second["node"], second["state"]) == ("", "not started")


def test_throughput_and_utilisation_are_drawn_over_time() -> None:
    page = page_values(report_values(), "farm", "")
    assert page["throughput"]["scale"] == ["1", "0.5", "0"]
    assert page["throughput"]["times"][0].startswith("2025-11-24 16:00")
    (node,) = page["nodes"]["rows"]
    assert node["path"].startswith("M0.0")
    assert node["gpus"] == ["GPU 0, 97 %, 18.0 of 23.0 GiB, 61 °C", "GPU 1"]
    assert node["disk"] == "1,000 of 3,800 GB free"
    assert node["drained"] == ["1: NVRM Xid 79"]


def test_durations_are_told_from_the_first_class_to_the_last_that_holds_any() -> None:
    rows = page_values(report_values(), "farm", "")["durations"]
    assert [row["label"] for row in rows][:3] == ["up to 1 s", "up to 2 s", "up to 5 s"]
    assert (rows[-1]["label"], rows[-1]["count"]) == ("over 5000 s", "1")


def test_failures_come_with_their_documents_and_the_most_frequent_first() -> None:
    values = report_values(["a.pdf", "b.pdf"])
    values["shards"][1]["failures"] = {"crash": 3}
    crash, timeout = page_values(values, "farm", "us-east-1")["failures"]
    assert (crash["class"], crash["count"], crash["documents"]) == ("crash", 3, [])
    assert [document["uri"] for document in timeout["documents"]] == ["s3://raw/a.pdf", "s3://raw/b.pdf"]
    assert timeout["documents"][0]["link"].startswith("https://us-east-1.console.aws.amazon.com/")


def test_a_farm_nobody_started_has_nothing_to_draw() -> None:
    values = values_of(make_farm([]), waited="", price_per_hour=None, silent_after=60, stale=None)
    page = page_values(values, "farm", "")
    assert (page["as_of"], page["throughput"], page["nodes"]["rows"], page["durations"]) == ("", None, [], [])
