# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.plugin_utils.comparison.view import page_values
from tests.support.comparisons import a_reading, told_comparison


def test_where_backends_agree_least_comes_first() -> None:
    comparison = told_comparison(a_reading("one", "text"), a_reading("other", "text"))
    first = comparison["pages"][0]
    comparison["pages"] = [
        {**first, "number": number, "agreements": [{"backends": ["one", "other"], "share": share}]}
        for number, share in ((1, 0.9), (2, 0.2), (3, 1.0))
    ]
    assert [page["number"] for page in page_values(comparison, "theses")["pages"]] == [2, 1, 3]


def test_who_agrees_with_whom_is_a_table_without_those_that_read_nothing() -> None:
    comparison = told_comparison(a_reading("one", "text"), a_reading("other", "text"))
    comparison["backends"].append(comparison["backends"][0] | {"name": "lost", "problem": "no server", "words": {}})
    values = page_values(comparison, "theses")
    assert values["read"] == ["one", "other"]
    assert values["agreements"] == [
        {"name": "one", "cells": ["", "50.0 %"]},
        {"name": "other", "cells": ["50.0 %", ""]},
    ]


def test_of_a_text_without_end_the_beginning_is_shown_and_how_much_more_there_is() -> None:
    comparison = told_comparison(a_reading("one", "και πάλι " * 10_000), a_reading("other", "text"))
    one, other = page_values(comparison, "theses")["pages"][0]["columns"]
    assert len("".join(text for text, _differs in one["pieces"])) == 20_000
    assert (one["more"], other["more"]) == ("70,000 characters more", "")


def test_lines_stay_lines_and_what_cannot_be_seen_is_written_out() -> None:
    comparison = told_comparison(a_reading("one", "a\tb\n\x07\u202ec\n"))
    (column,) = page_values(comparison, "theses")["pages"][0]["columns"]
    assert column["pieces"] == [("a b\n\\x07\\u202ec\n", False)]
    assert (column["score"], column["seconds"], column["kind"]) == ("0.90", "1.5", "")
