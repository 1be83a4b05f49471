# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import logging
import sys
import threading
from types import SimpleNamespace

import pytest
from tqdm import tqdm

from ansible_collections.glossapi.farm.plugins.module_utils._commands import progress as showing
from ansible_collections.glossapi.farm.plugins.module_utils._commands.progress import bar_of, rows_bar, show_log, update
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    # pytest puts a stderr of its own back before the test.
    monkeypatch.setattr(showing, "sys", SimpleNamespace(stderr=terminal))
    return terminal


@pytest.fixture
def logger() -> logging.Logger:
    return logging.getLogger(f"{__name__}.{threading.get_ident()}")


def shown(progress: Progress, total: int | None) -> str:
    """Return the bar after ten seconds."""
    screen = io.StringIO()
    with tqdm(file=screen, unit=" documents", smoothing=0, ncols=100) as bar:
        bar.start_t -= 10
        update(bar, progress, total)
    return screen.getvalue().split("\r")[-1].strip()


def test_documents_that_were_known_have_no_part_in_the_rate_and_the_time_that_is_left() -> None:
    line = shown(Progress(listed=90, known=60, archived=10, counted=20, errors=3), 100)
    assert line.startswith(" 90%|".strip())
    # Two a second in ten seconds: ten are left.
    assert "90/100 [00:10<00:05" in line
    assert line.endswith(" 2.00 documents/s, 3 errors]")


def test_without_a_total_there_is_the_number_and_the_rate_alone() -> None:
    line = shown(Progress(listed=20, counted=20), None)
    assert line.startswith("20 documents [00:10")
    assert "%" not in line


def test_objects_that_came_since_they_were_counted_are_no_more_than_all() -> None:
    assert shown(Progress(listed=12, counted=12), 10).startswith("100%|")


def test_rows_go_by_and_a_terminal_alone_shows_how_many(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with rows_bar() as went_by:
        went_by(1)
        went_by(2)
    assert "3 rows [" in terminal.getvalue()
    log = io.StringIO()
    monkeypatch.setattr(showing, "sys", SimpleNamespace(stderr=log))
    with rows_bar() as went_by:
        went_by(3)
    assert log.getvalue() == ""


def test_no_terminal_gets_no_bar_and_no_listing_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    def count() -> int:
        raise AssertionError("nobody looks at the number")

    with bar_of(Progress(counted=3), count):
        pass
    assert capsys.readouterr() == ("", "")


def test_the_bar_ends_with_what_the_run_has_listed(terminal: Terminal) -> None:
    never = threading.Event()
    progress = Progress()
    with bar_of(progress, lambda: never.wait() and 0):
        progress.listed = progress.counted = 7
    never.set()
    assert "7/7 [" in terminal.getvalue()


def test_the_bar_has_a_share_as_soon_as_the_documents_are_counted(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = threading.Event()

    def watched(bar: tqdm[None], progress: Progress, total: int | None) -> None:
        update(bar, progress, total)
        if total == 8:
            drawn.set()

    monkeypatch.setattr(showing, "update", watched)
    with bar_of(Progress(counted=2), lambda: 8):
        assert drawn.wait(60)
    assert "2/8 [" in terminal.getvalue()


def test_a_number_that_cannot_be_found_out_leaves_the_run_alone(terminal: Terminal) -> None:
    tried = threading.Event()

    def count() -> int:
        tried.set()
        raise S3Error("Cannot list.", "AccessDenied")

    with bar_of(Progress(listed=2, counted=2), count):
        assert tried.wait(60)
    assert "2/2 [" in terminal.getvalue()


def test_a_terminal_has_messages_above_the_bar_but_not_what_the_bar_shows(
    terminal: Terminal, logger: logging.Logger
) -> None:
    spare = logger.getChild("progress")
    show_log(logger, "INFO", spare=spare)
    logger.info("a message")
    spare.info("counted 5")
    assert terminal.getvalue().endswith(" INFO a message\n")


def test_a_log_has_all_of_its_level_in_plain_lines(monkeypatch: pytest.MonkeyPatch, logger: logging.Logger) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    other = logger.getChild("log")
    spare = other.getChild("progress")
    show_log(other, "INFO", spare=spare)
    other.debug("unseen")
    spare.info("counted 5")
    assert stderr.getvalue().endswith(" INFO counted 5\n")
    assert "unseen" not in stderr.getvalue()
