# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands import watch_farm as command
from ansible_collections.glossapi.farm.plugins.module_utils._commands.watch_farm import Lines, main
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._status.overview import Overview
from tests.support.overviews import LINE, overview_of

_FARM = ("s3://manifests/farm", "s3://results/farm")


class Interrupted:
    """Sleeps no time at all, and presses Ctrl-C after so many times."""

    def __init__(self, times: int) -> None:
        self.slept: list[float] = []
        self._times = times

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) > self._times:
            raise KeyboardInterrupt


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Have these looks be read, in their order; what each reader was made with is returned."""

    def set_looks(*looks: Overview | Exception) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        remaining = iter(looks)

        class Reader:
            def __init__(self, _client: object, manifests: object, results: object, **options: Any) -> None:
                made.append({"manifests": str(manifests), "results": str(results)} | options)

            def read(self) -> Overview:
                look = next(remaining)
                if isinstance(look, Exception):
                    raise look
                return look

        monkeypatch.setattr(command, "OverviewReader", Reader)
        return made

    return set_looks


def test_without_a_terminal_there_are_lines_until_ctrl_c_and_trouble_when_it_is_new(
    reads: Callable[..., list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    silent = "stage ocr, shard 3: no heartbeat from node-3 for {}: run process.yml again"
    looks = [overview_of(4), overview_of(4, silent.format("2 min 5 s")), overview_of(4, silent.format("2 min 15 s"))]
    made = reads(*looks)
    sleep = Interrupted(2)
    assert main([*_FARM, "--interval", "7", "--silent-after", "60", "--price-per-hour", "5.672"], sleep) == 0
    assert made == [
        {"manifests": _FARM[0], "results": _FARM[1], "price_per_hour": 5.672, "silent_seconds": 60.0},
    ]
    assert sleep.slept == [7.0] * 3
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert len(lines) == 3 * 3 + 1
    assert lines[1].endswith(f"UTC: stage ocr 63.4 %, {LINE}")
    assert lines[2] == "spent: $5.67 for 1.00 node hours, $0.315 a 1,000 pages"
    assert lines[6] == silent.format("2 min 5 s")
    assert told.err == ""


def test_a_look_that_fails_is_told_and_the_next_is_taken(
    reads: Callable[..., list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    made = reads(overview_of(1), S3Error("S3 is out of reach.", "unknown"), overview_of(1))
    assert main(_FARM, Interrupted(2)) == 0
    assert len(made) == 2, "the client of the one that failed may have credentials that have expired"
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 + 1 + 3
    assert lines[3].startswith("not read at ")
    assert lines[3].endswith("S3 is out of reach.")


def test_a_first_look_that_fails_ends_it(
    reads: Callable[..., list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    reads(S3Error("s3://manifests: the bucket does not exist.", "NoSuchBucket"))
    assert main(_FARM, Interrupted(0)) == 1
    assert capsys.readouterr().err == "s3://manifests: the bucket does not exist.\n"


def test_a_terminal_without_rich_gets_lines_and_is_told_why(
    reads: Callable[..., list[dict[str, Any]]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads(overview_of(1))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "rich.live", None)
    assert main(_FARM, Interrupted(0)) == 0
    told = capsys.readouterr()
    assert "rich.live is not installed: lines in place of a screen." in told.err
    assert "stage ocr 63.4 %" in told.out


def test_trouble_that_ends_and_comes_again_is_told_again() -> None:
    told: list[str] = []
    lines = Lines(told.append)
    for attention in (("broken",), (), ("broken",)):
        lines.show(overview_of(1, *attention), "now")
    assert told.count("broken") == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (_FARM[:1], "the following arguments are required: results"),
        (("here", _FARM[1]), "'here' is not an S3 address"),
        ((*_FARM, "--interval", "0"), "'0' is no number of seconds above 0"),
        ((*_FARM, "--silent-after", "soon"), "'soon' is no number of seconds above 0"),
        ((*_FARM, "--price-per-hour", "much"), "invalid float value: 'much'"),
    ],
)
def test_what_is_misspelt_is_told_at_once(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
