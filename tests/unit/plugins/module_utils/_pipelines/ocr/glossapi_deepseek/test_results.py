# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.results import (
    Answer,
    PageRange,
    PageResult,
    UnknownShape,
    ranges_of,
    read_results,
)

FILE = "document.pdf"
FIRST = "document__p00001-00003"


def metric(number: int, text: str, **facts: Any) -> dict[str, Any]:
    return {
        "page_number": number,
        "raw_chars": len(text),
        "final_chars": len(text),
        "page_dropped_after_repair": False,
        "empty_page_skipped": False,
        "garbage_early_stop_applied": False,
        "repair_applied": False,
        **facts,
    }


def write(output: Path, texts: Sequence[str], metrics: Sequence[Mapping[str, Any]], name: str = FIRST) -> None:
    for folder in ("markdown", "json/metrics"):
        (output / folder).mkdir(parents=True, exist_ok=True)
    content = texts[0]
    for number, text in enumerate(texts[1:], start=2):
        mark = f"<!-- page:{number} -->\n<--- Page Split --->\n"
        content += (f"\n{mark}" if content else mark) + text
    (output / "markdown" / f"{name}.md").write_text(content.rstrip("\n") + "\n", newline="")
    counted = {"page_count": len(texts), "page_metrics": metrics}
    (output / "json/metrics" / f"{name}.metrics.json").write_text(json.dumps(counted))


def answers(*said: int | tuple[int, bool]) -> list[Answer]:
    return [Answer(*each) if isinstance(each, tuple) else Answer(each, cut_off=False) for each in said]


@given(st.sets(st.integers(1, 40), min_size=1))
def test_ranges_have_the_pages_and_no_others_and_do_not_touch(pages: set[int]) -> None:
    ranges = ranges_of(list(pages))
    assert [page for each in ranges for page in each.pages] == sorted(pages)
    assert all(after.first > before.last + 1 for before, after in pairwise(ranges))


def test_a_range_is_asked_for_and_found_by_the_scripts_names() -> None:
    assert PageRange(7, 12).argument(FILE) == "document.pdf:7:12"
    assert PageRange(7, 12).name(FILE) == "document__p00007-00012"


def test_texts_are_by_their_pages_in_the_document(tmp_path: Path) -> None:
    texts = ["", "β\r\n\n<!-- page:9 -->", ""]
    metrics = [metric(1, "", empty_page_skipped=True), metric(2, texts[1]), metric(3, "", empty_page_skipped=True)]
    write(tmp_path, texts, metrics)
    write(tmp_path, ["γ"], [metric(1, "γ")], "document__p00007-00007")
    results = read_results(tmp_path, FILE, [PageRange(1, 3), PageRange(7, 7)], answers(len(texts[1]), 1))
    assert results == {
        1: PageResult(""),
        2: PageResult(texts[1]),
        3: PageResult(""),
        7: PageResult("γ"),
    }


def test_a_range_without_metrics_and_a_page_without_are_missing(tmp_path: Path) -> None:
    write(tmp_path, ["α", "", ""], [metric(1, "α")])
    assert read_results(tmp_path, FILE, [PageRange(1, 3), PageRange(7, 7)], answers(1)) == {1: PageResult("α")}


def test_a_range_that_is_not_in_the_document_is_missing(tmp_path: Path) -> None:
    write(tmp_path, ["[[Blank page]]"], [])
    path = tmp_path / "json/metrics" / f"{FIRST}.metrics.json"
    path.write_text('{"page_count": 0, "page_metrics": []}')
    assert read_results(tmp_path, FILE, [PageRange(1, 3)], []) == {}


@pytest.mark.parametrize(
    ("text", "facts", "said", "why"),
    [
        (
            "",
            {"raw_chars": 9, "page_dropped_after_repair": True, "repair_raw_chars": 8},
            [9, 8],
            "has dropped its text",
        ),
        ("αβγ", {}, [(3, True)], "limit of tokens"),
        ("αβγ", {"repair_applied": True, "repair_raw_chars": 3, "raw_chars": 9}, [9, (3, True)], "limit of tokens"),
        (
            "α",
            {"garbage_early_stop_applied": True, "raw_chars": 9, "repair_raw_chars": 0},
            [9, 0],
            "second try had none",
        ),
        ("α", {"garbage_early_stop_applied": True, "raw_chars": 9}, [9], "second try had none"),
        ("", {}, [0], "said nothing"),
    ],
)
def test_a_page_that_was_blanked_or_cut_off_is_given_up(
    tmp_path: Path, text: str, facts: dict[str, Any], said: list[Any], why: str
) -> None:
    write(tmp_path, [text], [metric(1, text, **facts)])
    result = read_results(tmp_path, FILE, [PageRange(1, 3)], answers(*said))[1]
    assert result.text is None
    assert why in result.why


@pytest.mark.parametrize(
    ("text", "facts", "said"),
    [
        # A first text that was cut off, and a second one that was not.
        ("αβγ", {"garbage_early_stop_applied": True, "repair_applied": True, "raw_chars": 9, "repair_raw_chars": 3},
         [(9, True), 3]),
        # A picture: the model names its place, which is no text.
        ("", {"raw_chars": 9}, [9]),
    ],
)  # fmt: skip
def test_what_is_whole_is_taken(tmp_path: Path, text: str, facts: dict[str, Any], said: list[Any]) -> None:
    write(tmp_path, [text], [metric(1, text, **facts)])
    assert read_results(tmp_path, FILE, [PageRange(1, 3)], answers(*said)) == {1: PageResult(text)}


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        (f"json/metrics/{FIRST}.metrics.json", b"{", "has no page_count and page_metrics"),
        (f"json/metrics/{FIRST}.metrics.json", b"[]", "has no page_count and page_metrics"),
        (f"json/metrics/{FIRST}.metrics.json", b'{"pages": []}', "KeyError: 'page_count'"),
        (f"json/metrics/{FIRST}.metrics.json", b'{"page_count": 1, "page_metrics": [{}]}', "'page_number'"),
        (f"json/metrics/{FIRST}.metrics.json", b'{"page_count": 1, "page_metrics": [{"page_number": 2}]}', "1 pages"),
        (f"json/metrics/{FIRST}.metrics.json", b'{"page_count": 1, "page_metrics": [{"page_number": 1}]}', "final_ch"),
        (f"markdown/{FIRST}.md", b"\xff", "cannot be read"),
        (f"markdown/{FIRST}.md", "αβγδ".encode(), "page 1 in .* has 4 signs, and by its metrics 3"),
        (
            f"markdown/{FIRST}.md",
            b"a\n<!-- page:2 -->\n<--- Page Split --->\nb",
            "has 2 pages, and its metrics are of 1",
        ),
    ],
)
def test_what_is_not_known_is_told(tmp_path: Path, path: str, content: bytes, told: str) -> None:
    write(tmp_path, ["αβγ"], [metric(1, "αβγ")])
    (tmp_path / path).write_bytes(content)
    with pytest.raises(UnknownShape, match=told):
        read_results(tmp_path, FILE, [PageRange(1, 3)], answers(3))


def test_markdown_that_is_missing_is_told(tmp_path: Path) -> None:
    write(tmp_path, ["α"], [metric(1, "α")])
    (tmp_path / f"markdown/{FIRST}.md").unlink()
    with pytest.raises(UnknownShape, match=f"{FIRST}.md cannot be read"):
        read_results(tmp_path, FILE, [PageRange(1, 3)], answers(1))


@pytest.mark.parametrize(
    "name",
    ["raw_chars", "page_dropped_after_repair", "empty_page_skipped", "garbage_early_stop_applied", "repair_applied"],
)
def test_a_fact_that_is_missing_is_told_with_its_page(tmp_path: Path, name: str) -> None:
    facts = metric(1, "α")
    del facts[name]
    write(tmp_path, ["α"], [facts])
    with pytest.raises(UnknownShape, match=f"does not say {name} of page 1"):
        read_results(tmp_path, FILE, [PageRange(1, 3)], answers(1))


def test_metrics_of_other_pages_than_the_engine_has_read_are_told(tmp_path: Path) -> None:
    write(tmp_path, ["α", "βγ", ""], [metric(1, "α"), metric(2, "βγ")])
    for said in (answers(2, 1), answers(1), []):
        with pytest.raises(UnknownShape, match="not of what the engine has read"):
            read_results(tmp_path, FILE, [PageRange(1, 3)], said)
