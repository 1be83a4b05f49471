# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.view import page_values
from tests.support.progress import make_farm
from tests.support.report_values import farm_of_days, report_values


def tiles(*reports: dict[str, Any]) -> dict[str, str]:
    return {meaning: number for number, meaning in page_values(reports, "farm", "")["tiles"]}


def test_the_numbers_asked_for_first_are_told_first() -> None:
    found = tiles(report_values())
    assert found["4,100 of 9,000 pages done or failed"] == "45.5 %"
    assert found["when it is finished"] == "unknown"
    assert found["pages a second now, stage text"] == "2.0"
    assert "for 1,000 pages" in found


def test_its_finish_is_told_with_how_sure_that_is() -> None:
    meaning = "UTC, its finish by the rates of now; between 2025-12-02 22:00 and 2025-12-04 09:30"
    assert tiles(*farm_of_days(4))[meaning] == "2025-12-03 14:05"


def test_where_nobody_works_any_more_the_speed_is_that_of_the_run() -> None:
    values = report_values()
    for shard in values["shards"]:
        shard |= {"state": "finished", "rate": 0.0, "pages_per_second": 0.0}
    # 40 pages a minute.
    assert tiles(values)["pages a second while it ran, stage text"] == "0.7"
    for shard in values["shards"]:
        shard["history"] = shard["history"][:1]
    assert not [meaning for meaning in tiles(values) if "pages a second" in meaning]


def test_quality_stands_beside_the_counts() -> None:
    page = page_values(farm_of_days(4), "farm", "")
    assert [number for number, meaning in page["tiles"] if "mean score of the text" in meaning] == ["0.903"]
    parts = {part["kind"]: (part["documents"], part["pages"]) for part in page["outcomes"]["parts"]}
    assert parts == {
        "good_by_layer": ("51,500 documents", "4,120,000 pages"),
        "good_by_ocr": ("12,000 documents", "960,000 pages"),
        "poor": ("160 documents", "12,800 pages"),
        "failed": ("800 documents", "64,000 pages"),
        "pending": ("35,540 documents", "2,843,200 pages"),
    }
    assert [part.kind for part in page["outcomes"]["bars"]] == list(parts)


def test_a_document_whose_formulas_were_read_is_scored_once() -> None:
    text = farm_of_days(4)[0]
    (scored,) = [meaning for meaning in tiles(text) if "mean score of the text" in meaning]
    assert scored in tiles(text, text | {"stage": "math"})


def test_what_wants_attention_is_told_once_and_with_its_stage() -> None:
    reports = farm_of_days(4)
    for each in reports:
        each["attention"].append("the listing cannot be read")
    first, *_others, last = page_values(reports, "farm", "")["attention"]
    assert first == "stage ocr, shard 3: no heartbeat from OpenArchive-Shard-3 for 15 min 0 s: run process.yml again"
    assert last == "the listing cannot be read"
    assert page_values(reports[1:], "farm", "")["attention"][0].startswith("shard 3: no heartbeat")


def test_a_farm_nobody_started_has_nothing_to_draw() -> None:
    values = values_of(
        make_farm([]), waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None
    )
    page = page_values([values], "farm", "")
    (stage,) = page["stages"]
    assert (page["as_of"], stage["throughput"], stage["nodes"]["rows"], stage["durations"]) == ("", None, [], [])
    assert (page["failures"], page["worst"], page["outcomes"]["bars"]) == ([], [], [])
