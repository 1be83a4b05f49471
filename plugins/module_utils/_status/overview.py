# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm at a glance, by what its supervisors say: a few small objects, whatever the size of the collection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._errors import NotYetError
from .._formatting import printable
from .._records.names import SUMMARY_NAME, shards_folder
from .._records.progress import BROKEN, Progress
from .._records.stage import Stage
from .._records.summary import Summary, read_summary
from .._s3.uri import S3Uri
from .attention import silent_shards, warnings
from .costs import Costs, PaidTime, costs, paid_time
from .efforts import read_efforts
from .nodes import node_warnings, read_nodes
from .outlook import outlook, pieces_outlook
from .supervisors import find_supervisors, read_heartbeats
from .table import progress_line, supervisors_line

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The states of a shard that wants somebody, beside those that its supervisor tells.
SILENT = "silent"
_ILL = frozenset({SILENT, BROKEN, "failed"})
# Costs take two reads for each shard that ever was and one for each node, and are written once a minute.
_COSTS_SECONDS = 60.0


@dataclass(frozen=True)
class ShardGlance:
    """One shard.

    Attributes:
        shard: its number.
        state: see :class:`Progress`; ``not started``, or :data:`SILENT`.
        share: of its pages that the stage has ended, 0 to 1.
        rate: pages per second; 0 where it does not run.
    """

    shard: int
    state: str
    share: float
    rate: float

    @property
    def is_ill(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state in _ILL


@dataclass(frozen=True)
class StageGlance:
    """One stage.

    Attributes:
        stage: which.
        share: of the pages of all its shards that it has ended, 0 to 1.
        line: documents, pages, rate, time left and states of all shards, for people.
        shards: in order of their numbers; of a cut of pieces the supervisors, whose share is what they have ended since
            they started.
        attention: a sentence for each thing that wants it.
    """

    stage: Stage
    share: float
    line: str
    shards: tuple[ShardGlance, ...]
    attention: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether no shard of it has anything to do, of a cut of pieces no supervisor."""
        return bool(self.shards) and all(each.state == "finished" for each in self.shards)


@dataclass(frozen=True)
class _Spending:
    """What is paid for, and a sentence for each node, or thing that cannot be read, that wants attention."""

    paid: PaidTime
    attention: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """All stages that have a cut, what the nodes cost, and a sentence for each thing that wants attention."""

    stages: tuple[StageGlance, ...]
    costs: Costs | None
    attention: tuple[str, ...]


class OverviewReader:
    """Reads it, as often as it is asked.

    Args:
        client: of the S3 that has both prefixes.
        manifests: the farm's prefix of all cuts.
        results: its prefix of results.
        price_per_hour: of one node, in USD; ``None`` where costs are not wanted.
        silent_seconds: how long a supervisor may say nothing.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        client: S3Client,
        manifests: S3Uri,
        results: S3Uri,
        *,
        price_per_hour: float | None,
        silent_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._manifests = manifests
        self._results = results
        self._price_per_hour = price_per_hour
        self._silent_seconds = silent_seconds
        self._clock = clock
        self._spending: _Spending | None = None
        self._spending_at = 0.0

    def read(self) -> Overview:
        """Return the farm as its supervisors have it now.

        Raises:
            NotYetError: there is no cut of any stage.
            FarmError: a cut's summary is malformed, or S3 could not be read.
        """
        stages = tuple(self._read_stage(stage, summary) for stage, summary in self._cuts())
        attention = [f"stage {each.stage}, {sentence}" for each in stages for sentence in each.attention]
        spending, price = self._read_spending(), self._price_per_hour
        # Which documents are done, and so the price of a page, only an account tells.
        spent = None if price is None else costs(spending.paid, 0, price)
        return Overview(stages, spent, (*attention, *spending.attention))

    def _cuts(self) -> list[tuple[Stage, Summary]]:
        cuts = []
        missing: list[NotYetError] = []
        # Each time: the shards may be cut anew, and stage ocr gets its cut when stage text has ended.
        for stage in Stage:
            try:
                cuts.append((stage, read_summary(self._client, shards_folder(self._manifests, stage), SUMMARY_NAME)))
            except NotYetError as error:
                missing.append(error)
        if not cuts:
            raise missing[0]
        return cuts

    def _read_stage(self, stage: Stage, summary: Summary) -> StageGlance:
        if summary.piece_pages:
            return self._read_pieces(stage, summary)
        heartbeats = read_heartbeats(self._client, self._results, summary.shard_numbers, stage)
        progress = {shard: each.progress for shard, each in heartbeats.by_shard.items()}
        ages = {shard: each.age for shard, each in heartbeats.by_shard.items()}
        silent = silent_shards(progress, ages, self._silent_seconds)
        unstarted = sum(each.pages for each in summary.shards if each.shard not in progress)
        pages = sum(each.pages for each in progress.values())
        pending = sum(each.pages_pending for each in progress.values())
        # What nobody has said is some work.
        left = {shard: progress[shard].pending if shard in progress else 1 for shard in summary.shard_numbers}
        expected = outlook(left, heartbeats.by_shard, self._silent_seconds, time.time())
        return StageGlance(
            stage,
            _share(pages - pending, pages + unstarted),
            progress_line(summary.shard_numbers, progress, expected),
            tuple(
                _glance(shard, progress.get(shard), expected.shards[shard].rate, is_silent=shard in silent)
                for shard in summary.shard_numbers
            ),
            (*warnings(progress, ages, self._silent_seconds), *heartbeats.problems),
        )

    def _read_pieces(self, stage: Stage, summary: Summary) -> StageGlance:
        """Return a stage of which supervisors take pieces from a queue, by what each has ended since it started."""
        numbers = find_supervisors(self._client, self._results, stage)
        heartbeats = read_heartbeats(self._client, self._results, numbers, stage)
        progress = {shard: each.progress for shard, each in heartbeats.by_shard.items()}
        ages = {shard: each.age for shard, each in heartbeats.by_shard.items()}
        silent = silent_shards(progress, ages, self._silent_seconds)
        ended = sum(each.pages_helped for each in progress.values())
        left = max(0, summary.totals.pages - ended)
        expected = pieces_outlook(left, heartbeats.by_shard, self._silent_seconds, time.time())

        def share(said: Progress) -> float:
            return min(1.0, _share(said.pages_helped, summary.totals.pages))

        return StageGlance(
            stage,
            min(1.0, _share(ended, summary.totals.pages)),
            supervisors_line(progress, expected.rate),
            tuple(
                ShardGlance(
                    shard,
                    SILENT if shard in silent else printable(said.state),
                    share(said),
                    expected.shards[shard].rate,
                )
                for shard, said in progress.items()
            ),
            (*warnings(progress, ages, self._silent_seconds), *heartbeats.problems),
        )

    def _read_spending(self) -> _Spending:
        now = self._clock()
        if self._spending is None or now - self._spending_at >= _COSTS_SECONDS:
            efforts, nodes = read_efforts(self._client, self._results), read_nodes(self._client, self._results)
            attention = (*node_warnings(nodes.records, time.time()), *efforts.problems, *nodes.problems)
            self._spending, self._spending_at = _Spending(paid_time(nodes.records, efforts), attention), now
        return self._spending


def _glance(shard: int, progress: Progress | None, rate: float, *, is_silent: bool) -> ShardGlance:
    if progress is None:
        return ShardGlance(shard, "not started", 0.0, 0.0)
    return ShardGlance(
        shard,
        SILENT if is_silent else printable(progress.state),
        _share(progress.pages - progress.pages_pending, progress.pages),
        rate,
    )


def _share(part: float, whole: float) -> float:
    # A shard without pages has nothing to do.
    return part / whole if whole else 1.0
