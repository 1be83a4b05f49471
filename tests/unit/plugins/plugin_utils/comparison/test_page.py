# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib
import re

import pytest

from ansible_collections.glossapi.farm.plugins.plugin_utils.comparison.page import render
from tests.support.comparisons import PICTURE, a_reading, told_comparison
from tests.support.html import HOSTILE, Elements


def test_a_page_has_its_picture_and_the_texts_side_by_side_with_differences_marked() -> None:
    page = render(told_comparison(a_reading("one", "το φως"), a_reading("other", "το νερό\n7")), "theses")
    assert "<h1>theses: OCR backends compared</h1>" in page
    assert f'src="data:image/jpeg;base64,{base64.b64encode(PICTURE).decode()}"' in page
    texts = re.findall(r'<div class="read" dir="auto">(.*?)</div>', page, re.DOTALL)
    assert texts == ["το <mark>φως</mark>", "το <mark>νερό\n7</mark>"]
    assert "Agreement: one and other 50.0 %" in page
    assert "This is agreement, not accuracy" in page
    assert "(handed on to OCR)" in page


def test_a_backend_that_could_not_be_compared_and_a_page_that_was_given_up_say_why() -> None:
    comparison = told_comparison(
        a_reading("one", "το φως"), a_reading("other", "", outcome="given up", failure="too <late>"), wanted=3
    )
    comparison["backends"].append(comparison["backends"][0] | {"name": "lost", "problem": "no server", "words": {}})
    comparison |= {"problems": ["torn is torn"], "left_out": ["s3://raw/b.pdf: encrypted"]}
    page = render(comparison, "theses")
    for told in (
        "no server",
        "too &lt;late&gt;",
        "of 3 that were asked for",
        "torn is torn",
        "s3://raw/b.pdf: encrypted",
    ):
        assert told in page
    assert page.count('class="read"') == 1


def test_a_page_whose_picture_is_missing_says_so_and_has_its_texts() -> None:
    comparison = told_comparison(a_reading("one", "το φως"))
    comparison["pages"][0]["picture"] = ""
    page = render(comparison, "theses")
    assert "<img" not in page
    assert "The picture of this page is missing." in page
    assert "το φως" in page


def test_without_any_backend_there_is_a_page_too() -> None:
    assert "None." in render(told_comparison(), "theses")


def hostile_comparison(text: str) -> str:
    comparison = told_comparison(
        *(a_reading(name, f"{name} {text}", failure=failure) for name, failure in (("a", ""), ("b", ""), ("c", text)))
    )
    comparison["pages"][0]["uri"] = text
    comparison["backends"][0] |= {"revision": text}
    comparison["backends"][1] |= {"problem": text, "words": {}}
    return render(comparison | {"folder": text, "problems": [text], "left_out": [text]}, text)


def test_nothing_that_was_read_becomes_part_of_the_page() -> None:
    plain, hostile = hostile_comparison("text"), hostile_comparison(HOSTILE + "</div><mark>")
    shapes = [
        [(tag, sorted(attributes)) for tag, attributes in Elements(page).found if tag != "mark"]
        for page in (plain, hostile)
    ]
    assert shapes[0] == shapes[1]
    assert "{{ 7 * 7 }}" in hostile
    for character in "\u202e\x00\udcff":
        assert character not in hostile
    hostile.encode()


def test_the_page_runs_no_script_and_asks_for_nothing() -> None:
    page = render(told_comparison(a_reading("one", "text"), a_reading("other", "text")), "theses")
    elements = Elements(page).found
    assert {tag for tag, _attributes in elements}.isdisjoint({"script", "link", "iframe", "object", "base", "a"})
    names = {name for _tag, attributes in elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    assert all(
        (attributes.get("src") or "").startswith("data:image/jpeg;base64,")
        for tag, attributes in elements
        if tag == "img"
    )
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [attributes["content"] for _tag, attributes in elements if "http-equiv" in attributes]
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )


def test_what_is_no_comparison_is_refused_by_what_it_lacks() -> None:
    with pytest.raises(KeyError, match="backends"):
        render({}, "theses")
