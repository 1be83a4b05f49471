# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``watch_farm.py``: a farm at work, on one screen that redraws, or as lines where no terminal is."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import TextIOWrapper

from .._errors import FarmError
from .._formatting import percentage
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .._status.overview import Overview, OverviewReader
from .arguments import add_connection, checked, connection_of
from .running import exit_status

# Is given what was read, or nothing and why.
Show = Callable[[Overview | None, str], None]


def main(arguments: Sequence[str], sleep: Callable[[float], None] = time.sleep) -> int:
    """Follow a farm until Ctrl-C, and return the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    prefixes = checked(parser, lambda: (S3Uri.parse(given.manifests), S3Uri.parse(given.results)))
    connection = checked(parser, lambda: connection_of(given))
    return exit_status(lambda: _watch(connection, *prefixes, given, sleep))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="watch_farm.py",
        description="Follow a farm by what its supervisors say in S3, until Ctrl-C; nothing is changed by it. What "
        "became of every document playbooks/status.yml tells.",
        allow_abbrev=False,
    )
    parser.add_argument("manifests", help="the farm's farm_manifests, as s3://bucket/prefix")
    parser.add_argument("results", help="its farm_results, likewise")
    parser.add_argument("--price-per-hour", type=float, help="of one node in USD, to show what the nodes cost so far")
    parser.add_argument(
        "--silent-after", type=_seconds, default=120.0, help="seconds without a heartbeat that make a shard silent"
    )
    parser.add_argument("--interval", type=_seconds, default=10.0, help="seconds between two looks")
    add_connection(parser)
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _watch(
    connection: Connection, manifests: S3Uri, results: S3Uri, given: Namespace, sleep: Callable[[float], None]
) -> None:
    def new_reader() -> OverviewReader:
        return OverviewReader(
            connection.client(),
            manifests,
            results,
            price_per_hour=given.price_per_hour,
            silent_seconds=given.silent_after,
        )

    reader = new_reader()
    # Before the screen is taken: what is misspelt is told as everywhere.
    overview = reader.read()
    try:
        with _shown(str(results)) as show:
            show(overview, f"read at {_now()}")
            while True:
                sleep(given.interval)
                try:
                    overview = reader.read()
                except FarmError as error:
                    # For days: S3 may be out of reach for a while.
                    show(None, f"not read at {_now()}: {error}")
                    # The credentials may have expired, and been renewed since.
                    reader = new_reader()
                else:
                    show(overview, f"read at {_now()}")
    except KeyboardInterrupt:
        # The way to end it.
        return


@contextmanager
def _shown(title: str) -> Iterator[Show]:
    """Give what shows an overview: on a terminal a screen, lines elsewhere, and where rich is not installed."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A message may have letters that a terminal of another encoding has not.
        sys.stdout.reconfigure(errors="backslashreplace")
    if not sys.stdout.isatty():
        yield Lines(partial(print, flush=True)).show
        return
    try:
        from rich.live import Live

        from .screen import Screen
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: lines in place of a screen.", file=sys.stderr)
        yield Lines(partial(print, flush=True)).show
        return
    screen = Screen(title)
    with Live(screen, screen=True, auto_refresh=False) as live:

        def show(overview: Overview | None, note: str) -> None:
            screen.show(overview, note)
            live.refresh()

        yield show


class Lines:
    """Tells an overview in lines: all stages at each look, and what wants attention when that is something else.

    Args:
        tell: is given each line.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: tuple[str, ...] = ()

    def show(self, overview: Overview | None, note: str) -> None:
        """Tell what was read, or why nothing was."""
        if overview is None:
            self._tell(note)
            return
        for stage in overview.stages:
            self._tell(f"{note}: stage {stage.stage} {percentage(stage.share)} %, {stage.line}")
        if overview.costs is not None:
            self._tell(overview.costs.line())
        # How long somebody has been silent is no news.
        if _subjects(overview.attention) != _subjects(self._told):
            for sentence in overview.attention:
                self._tell(sentence)
            self._told = overview.attention


def _subjects(sentences: Sequence[str]) -> list[str]:
    return [sentence.rpartition(" for ")[0] or sentence for sentence in sentences]


def _now() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S UTC")
