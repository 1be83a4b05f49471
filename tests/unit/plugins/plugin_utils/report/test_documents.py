# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.documents import (
    MOST_NAMED,
    failures,
    without_formulas,
    worst,
)
from tests.support.queued import queued_values
from tests.support.report_values import farm_of_days, report_values


def test_failures_come_with_their_documents_and_the_most_frequent_first() -> None:
    values = report_values(["a.pdf", "b.pdf"])
    values["shards"][1]["failures"] = {"crash": 3}
    crash, timeout = failures(values, "us-east-1")
    assert (crash["class"], crash["count"], crash["share"], crash["documents"]) == ("crash", 3, "60.0 %", [])
    assert [each["document"]["uri"] for each in timeout["documents"]] == ["s3://raw/a.pdf", "s3://raw/b.pdf"]
    assert timeout["documents"][0]["log"]["link"].startswith("https://us-east-1.console.aws.amazon.com/")


def test_of_many_failures_the_first_are_named_and_all_are_counted() -> None:
    found = failures(farm_of_days(4)[-1], "")
    assert {each["count"] for each in found} == {4 * 40}
    assert {len(each["documents"]) for each in found} == {MOST_NAMED}


def test_documents_without_their_formulas_come_by_class_and_with_a_link() -> None:
    values = report_values(["a.pdf"], "none of 5 formulas was decoded")
    values["formula_failures"]["timeout"] = 3
    timeout, memory = without_formulas(values, "us-east-1")
    assert (timeout["class"], timeout["count"], timeout["share"], timeout["documents"]) == ("timeout", 3, "75.0 %", [])
    (document,) = memory["documents"]
    assert (document["document"]["uri"], document["message"]) == ("s3://raw/a.pdf", "none of 5 formulas was decoded")
    assert document["document"]["link"].startswith("https://us-east-1.console.aws.amazon.com/")


def test_the_worst_documents_come_with_links_to_look_at_them() -> None:
    first, second, *_ = worst(farm_of_days(4)[-1], "us-east-1")
    assert first["score"] < second["score"]
    assert (first["pages"], first["bad"], first["sources"]) == (80, 10, "12 layer, 68 ocr")
    places = [first[name]["link"] for name in ("document", "text", "measures")]
    assert all(place.startswith("https://us-east-1.console.aws.amazon.com/") for place in places)
    assert len(set(places)) == 3


def test_what_was_not_written_and_where_no_console_is_has_no_link() -> None:
    values = farm_of_days(4)[-1]
    values["worst_documents"][0]["quality"] = None
    assert worst(values, "us-east-1")[0]["measures"] == {"uri": "", "link": ""}
    assert worst(values, "")[0]["document"]["link"] == ""


def test_of_pieces_the_failures_of_all_count() -> None:
    assert [(each["class"], each["count"]) for each in failures(queued_values(), "")] == [("timeout", 1)]
