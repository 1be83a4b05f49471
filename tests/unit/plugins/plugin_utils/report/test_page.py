# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib
import re

import pytest

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.page import render
from tests.support.html import HOSTILE, Elements
from tests.support.queued import queued_progress, queued_values
from tests.support.report_values import farm_of_days, report_values


def test_trouble_and_the_account_come_first_then_failures_then_each_stage_under_its_name() -> None:
    page = render(farm_of_days(4), "OpenArchives", "")
    order = (
        "Look at this",
        "What became of",
        "Failed documents",
        "Worst documents",
        "Shards of stage ocr",
        "of stage text",
    )
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    page = render([report_values()], "OpenArchives", "")
    text = re.sub(r"<[^>]*>", "", page)
    assert "201 input = 80 done + 1 failed + 120 pending" in text
    assert "The account balances." in text
    assert "Skipped before the cut: 3 encrypted." in text


def test_documents_without_their_formulas_are_named_where_there_are_any() -> None:
    heading, values = "Documents without their formulas", report_values(["a.pdf"])
    assert re.search(
        rf"Failed documents.*{heading}.*out_of_memory: 1 .*s3://raw/a.pdf", render([values], "f", ""), re.DOTALL
    )
    values |= {"formula_failures": {}, "documents_without_formulas": []}
    assert heading not in render([values], "f", "")


def test_the_same_state_gives_the_same_page() -> None:
    assert render([report_values()], "farm", "") == render([report_values()], "farm", "")


@pytest.mark.parametrize("region", ["", "us-east-1"])
def test_nothing_that_a_document_is_called_becomes_part_of_the_page(region: str) -> None:
    plain = Elements(render([report_values(["a.pdf"], "message")], "farm", region))
    hostile = Elements(render([report_values([HOSTILE], HOSTILE)], "farm", region))
    assert [tag for tag, _attributes in hostile.found] == [tag for tag, _attributes in plain.found]
    assert [sorted(attributes) for _tag, attributes in hostile.found] == [
        sorted(attributes) for _tag, attributes in plain.found
    ]
    assert "{{ 7 * 7 }}" in render([report_values([HOSTILE])], "farm", region)


def test_the_page_runs_no_script_and_asks_for_nothing() -> None:
    page = render([report_values()], "farm", "us-east-1")
    elements = Elements(page).found
    assert {tag for tag, _attributes in elements}.isdisjoint({"script", "img", "link", "iframe", "object", "base"})
    names = {name for _tag, attributes in elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attributes["content"] or ""
        for _tag, attributes in elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == (f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'")


def test_documents_in_no_shard_have_a_row_and_those_that_are_pending_a_sentence() -> None:
    values = report_values()
    row = '<td data-label="Shard">none</td>'
    assert row not in render([values], "farm", "")
    values["no_shard"] |= {"documents": 9, "pages": 900, "done": 2, "failed": 3, "pending": 4, "failures": {"gpu": 3}}
    page = render([values], "farm", "")
    assert row in page
    assert "4 of the pending ones are in no shard" in page
    assert "gpu: 3" in page


def test_what_does_not_balance_is_told_at_the_top() -> None:
    values = report_values()
    values["reconciliation"] |= {"balances": False, "problems": ["2 documents are <b>lost</b>"]}
    page = render([values], "farm", "")
    assert "The account does not balance." in page
    assert "2 documents are &lt;b&gt;lost&lt;/b&gt;" in page


@pytest.mark.slow
def test_a_page_of_forty_nodes_stays_small() -> None:
    assert len(render(farm_of_days(40), "OpenArchives", "us-east-1").encode()) < 400_000


def test_a_stage_that_has_ended_is_folded_and_so_are_all_named_documents() -> None:
    elements = Elements(render(farm_of_days(4), "farm", "")).found
    folds = [attributes for tag, attributes in elements if tag == "details"]
    assert len(folds) == 6 + 1 + 2
    assert [("open" in attributes) for attributes in folds] == [False] * 7 + [True, False]


def test_of_pieces_the_page_has_the_supervisors() -> None:
    page = render([queued_values(queued_progress(1), queued_progress(2))], "farm", "")
    assert page.index("Pieces of stage text") < page.index("Supervisors of stage text") < page.index("node-2")
    assert "Shards of stage" not in page
    assert "Supervisors of stage" not in render([queued_values()], "farm", "")
