# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from ansible_collections.glossapi.farm.plugins.module_utils._commands.screen import Screen
from tests.support.overviews import LINE, overview_of

_SIGNS = "#."
_SILENT = "stage ocr, shard 3: no heartbeat from OpenArchive-Shard-3 for 15 min 0 s: run process.yml again"


def lines_of(nodes: int, width: int, height: int, *attention: str) -> list[str]:
    screen = Screen("s3://results/farm")
    screen.show(overview_of(nodes, *attention), "read at 14:10:05 UTC")
    return [line.plain.rstrip() for line in screen.lines(width, height, _SIGNS)]


def shards_of(lines: list[str]) -> list[int]:
    return sorted(int(number) for line in lines for number in re.findall(r"(\d+) [#.]{8} ", line))


def test_a_small_farm_has_all_that_an_operator_asks_for() -> None:
    lines = lines_of(4, 100, 30, _SILENT)
    assert lines[:2] == ["s3://results/farm", "read at 14:10:05 UTC"]
    text, ocr = [line for line in lines if line.startswith("stage ") and "#" in line]
    assert text.endswith("100.0 %")
    assert ocr.startswith("stage ocr   ###")
    assert ocr.endswith(" 63.4 %")
    assert LINE in lines
    assert shards_of(lines) == [1, 2, 3, 4]
    assert "   3 ######..  87% silent" in "\n".join(lines)
    assert lines[-2:] == ["spent: $5.67 for 1.00 node hours, $0.315 a 1,000 pages", _SILENT]


@pytest.mark.parametrize(("nodes", "width", "height"), [(4, 80, 24), (40, 80, 24), (40, 120, 40), (40, 200, 50)])
def test_every_shard_is_on_one_screen_of_a_usual_size(nodes: int, width: int, height: int) -> None:
    lines = lines_of(nodes, width, height, _SILENT)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert shards_of(lines) == list(range(1, nodes + 1))


def test_of_too_many_shards_those_that_ail_or_lag_are_shown_and_the_rest_is_counted() -> None:
    lines = lines_of(80, 60, 16)
    shown = shards_of(lines)
    assert len(lines) <= 16
    assert 3 in shown
    assert set(shown) - {3} == set(range(82 - len(shown), 81))
    assert f"and {80 - len(shown)} more, of which all do better" in lines


@pytest.mark.parametrize("height", range(1, 12))
@pytest.mark.parametrize("width", [1, 10, 26, 27, 300])
def test_no_terminal_is_too_small_to_be_drawn_on(width: int, height: int) -> None:
    lines = lines_of(40, width, height, *[_SILENT] * 9)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width


def test_what_does_not_fit_into_a_line_goes_on_in_the_next() -> None:
    words = " ".join(lines_of(4, 40, 30, _SILENT))
    assert LINE in words
    assert _SILENT in words


def test_of_much_that_wants_attention_the_rest_is_counted() -> None:
    lines = lines_of(4, 80, 24, *(f"trouble {number}" for number in range(50)))
    assert "trouble 0" in lines
    assert lines[-1] == "and 43 more"
    assert lines_of(4, 80, 24, "trouble 0", "trouble 1")[-2:] == ["trouble 0", "trouble 1"]
    assert "nothing wants attention" in lines_of(4, 80, 24)


def test_before_the_first_look_and_when_one_fails_it_says_so_and_keeps_what_it_had() -> None:
    screen = Screen("farm")
    assert [line.plain for line in screen.lines(80, 24, _SIGNS)] == ["farm", "reading"]
    screen.show(overview_of(4), "read at 14:10:05 UTC")
    screen.show(None, "not read at 14:10:15 UTC: S3 is out of reach")
    lines = [line.plain.rstrip() for line in screen.lines(80, 24, _SIGNS)]
    assert lines[1] == "not read at 14:10:15 UTC: S3 is out of reach"
    assert shards_of(lines) == [1, 2, 3, 4]


def test_a_terminal_that_has_ascii_alone_gets_nothing_else() -> None:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, "ascii", write_through=True), width=80, height=24, force_terminal=True)
    screen = Screen("farm")
    screen.show(overview_of(4), "read")
    console.print(screen)
    assert b"######" in raw.getvalue()
