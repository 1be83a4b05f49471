# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm on one screen of a terminal, however many shards it has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from textwrap import wrap
from typing import TYPE_CHECKING

from .._formatting import percentage
from .._status.overview import Overview, ShardGlance, StageGlance

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

# Where it is not installed, watch_farm.py tells lines and makes no screen.
with suppress(ImportError):
    from rich.text import Text

_CELL_WIDTH = 26
_CELL_BAR = 8
_GOOD, _BAD, _QUIET = "green", "bold red", "dim"


class Screen:
    """Lays out what it was last given, for the terminal as large as it is at that moment.

    Args:
        title: on top.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._overview: Overview | None = None
        self._note = "reading"

    def show(self, overview: Overview | None, note: str) -> None:
        """Show this from now on.

        Args:
            overview: of the farm; ``None`` to keep the one before.
            note: beside the title: when it was read, or why it could not be.
        """
        self._overview, self._note = overview or self._overview, note

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what fits."""
        width, height = options.max_width, options.height or console.height
        yield from self.lines(width, height, "#." if options.ascii_only else "█░")

    def lines(self, width: int, height: int, signs: str) -> list[Text]:
        """Return at most ``height`` lines of at most ``width`` characters; bars are drawn with two signs."""
        top = _fit([Text(self._title, "bold"), Text(self._note, _QUIET)], width)
        if self._overview is None:
            return top[:height]
        overview = self._overview
        for stage in overview.stages:
            top += _head(stage, width, signs)
        # What ails comes before what is in order, and is cut last.
        bottom = _attention(overview, width, max(2, height // 3))
        if overview.costs is not None:
            bottom = [*_wrapped(overview.costs.line(), width), *bottom]
        shards = [each for stage in overview.stages if not stage.is_finished for each in _cells(stage, overview)]
        room = max(0, height - len(top) - len(bottom))
        return [*top, *_grid(shards, width, room, signs), *_fit(bottom, width)][:height]


def _fit(lines: Sequence[Text], width: int) -> list[Text]:
    for line in lines:
        line.truncate(width)
    return list(lines)


def _wrapped(sentence: str, width: int, style: str = "") -> list[Text]:
    return [Text(line, style) for line in wrap(sentence, width)]


def _head(stage: StageGlance, width: int, signs: str) -> list[Text]:
    percent = f"{percentage(stage.share):>5} %"
    name = f"stage {stage.stage:5}"
    bar = _bar(stage.share, max(10, width - len(name) - len(percent) - 2), signs)
    top = _fit([Text.assemble((name, "bold"), " ", bar, " ", (percent, "bold"))], width)
    return [*top, *_wrapped(stage.line, width)]


def _cells(stage: StageGlance, overview: Overview) -> list[tuple[str, ShardGlance]]:
    """Return the stage's shards with the names they have on the screen."""
    open_stages = [each for each in overview.stages if not each.is_finished]
    prefix = f"{stage.stage[0]}" if len(open_stages) > 1 else ""
    return [(f"{prefix}{shard.shard}", shard) for shard in stage.shards]


def _grid(shards: Sequence[tuple[str, ShardGlance]], width: int, height: int, signs: str) -> list[Text]:
    """Return the shards beside and below each other; where there is no room for all, those that ail or lag."""
    columns = max(1, width // _CELL_WIDTH)
    most = columns * height
    left_out = 0
    if len(shards) > most:
        if height < 2:
            return _fit([Text(f"{len(shards)} shards, and no room for them", _QUIET)], width)[:height]
        ordered = sorted(shards, key=lambda each: (not each[1].is_ill, each[1].share))
        most = columns * (height - 1)
        left_out = len(shards) - most
        shards = ordered[:most]
    cells = [_cell(name, shard, signs) for name, shard in shards]
    rows = -(-len(cells) // columns)
    # Down each column, as people read a list.
    lines = [Text().join(cells[row::rows]) for row in range(rows)]
    if left_out:
        lines.append(Text(f"and {left_out} more, of which all do better", _QUIET))
    return _fit(lines, width)


def _cell(name: str, shard: ShardGlance, signs: str) -> Text:
    told = f"{shard.rate:.1f}/s" if shard.state == "running" else shard.state
    style = _BAD if shard.is_ill else _QUIET if shard.state != "running" else ""
    cell = Text.assemble(
        (f"{name:>4} ", "bold" if shard.is_ill else ""),
        _bar(shard.share, _CELL_BAR, signs),
        f" {percentage(shard.share, digits=0):>3}% ",
        (told, style),
    )
    cell.truncate(_CELL_WIDTH - 1)
    cell.align("left", _CELL_WIDTH)
    return cell


def _bar(share: float, width: int, signs: str) -> Text:
    # Full only where all is.
    full = min(width, int(share * width))
    return Text.assemble((signs[0] * full, _GOOD), (signs[1] * (width - full), _QUIET))


def _attention(overview: Overview, width: int, most: int) -> list[Text]:
    """Return what wants attention in at most so many lines; what is left out is counted."""
    if not overview.attention:
        return _wrapped("nothing wants attention", width, _QUIET)
    lines: list[Text] = []
    for number, sentence in enumerate(overview.attention):
        rest = len(overview.attention) - number
        wrapped = _wrapped(sentence, width, _BAD)
        # A line has to be left for the number of those that come after it.
        if len(lines) + len(wrapped) + (rest > 1) > most:
            return [*lines, *_fit([Text(f"and {rest} more", _BAD)], width)]
        lines += wrapped
    return lines
