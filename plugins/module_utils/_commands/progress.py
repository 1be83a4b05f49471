# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command shows while it works: a bar on a terminal, and lines of its log everywhere else."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .._counting.totals import Progress
from .._errors import FarmError
from .._output_files import send_log

_REDRAW_SECONDS = 0.2


class _AboveBar(logging.Handler):
    """Writes messages to stderr, above the bar."""

    def emit(self, record: logging.LogRecord) -> None:
        from tqdm import tqdm

        tqdm.write(self.format(record), file=sys.stderr)


def show_log(logger: logging.Logger, level: str, *, spare: logging.Logger) -> None:
    """Have the logger's messages on stderr.

    Args:
        logger: whose.
        level: the least important ones.
        spare: where a bar shows what it says, on a terminal, its messages are left out.
    """
    if sys.stderr.isatty():
        handler: logging.Handler = _AboveBar()
        handler.addFilter(lambda record: record.name != spare.name)
    else:
        handler = logging.StreamHandler()
    send_log(logger, handler, level)


@contextmanager
def bar_of(progress: Progress, count: Callable[[], int]) -> Iterator[None]:
    """Show on a terminal, as long as the context lasts, how far a run is; show nothing anywhere else.

    Args:
        progress: of the run.
        count: returns how many documents there are, which takes a while; until then there is no share and no time left.
    """
    if not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm

    total: list[int] = []

    def find_total() -> None:
        try:
            total.append(count())
        except FarmError:
            # The run's own listing fails alike, and tells.
            return

    bar = tqdm(file=sys.stderr, unit=" documents", smoothing=0, dynamic_ncols=True)
    ended = threading.Event()

    def draw() -> None:
        while not ended.wait(_REDRAW_SECONDS):
            update(bar, progress, total[0] if total else None)

    threading.Thread(target=find_total, name="count the documents", daemon=True).start()
    drawing = threading.Thread(target=draw, name="draw the bar")
    drawing.start()
    try:
        yield
        # The run's own listing has ended.
        total[:] = [progress.listed]
    finally:
        ended.set()
        drawing.join()
        update(bar, progress, total[0] if total else None)
        bar.close()


@contextmanager
def rows_bar() -> Iterator[Callable[[int], None]]:
    """Give what is told of rows, and shows on a terminal how many there were, and how many a second; nowhere else."""
    from tqdm import tqdm

    with tqdm(file=sys.stderr, unit=" rows", dynamic_ncols=True, disable=not sys.stderr.isatty()) as bar:
        yield bar.update


def update(bar: Any, progress: Progress, total: int | None) -> None:
    """Have the bar show where the run is.

    Args:
        bar: of tqdm.
        progress: of the run.
        total: how many documents there are; ``None`` while nobody knows.
    """
    # Not read, so that they have no part in the documents a second and in the time that is left.
    bar.initial = progress.known + progress.archived
    bar.n = bar.initial + progress.counted
    # Objects may have come since they were counted.
    bar.total = None if total is None else max(total, bar.n)
    bar.set_postfix_str(f"{progress.errors} errors", refresh=False)
    bar.refresh()
