# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all nodes have put in and got done, of shards of earlier cuts and of every stage too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._records.codec import UNKNOWN_TIME
from .._records.effort import Effort
from .._records.history import History
from .._records.names import progress_folder, shard_of_history, shard_of_progress
from .._records.progress import Progress
from .._records.stage import Stage
from .._s3.objects import list_objects
from .._s3.uri import S3Uri
from .supervisors import read_histories, read_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Efforts:
    """The sum of all efforts.

    Attributes:
        total: of all that is known.
        seconds_by_node: in which supervisors worked, by the name of the node that had the shard last; an empty name
            where nobody knows it.
        problems: a sentence for each shard that does not tell its effort, or of which an object cannot be read; what it
            does not tell is not in the total.
    """

    total: Effort
    problems: tuple[str, ...] = ()
    seconds_by_node: Mapping[str, float] = field(default_factory=dict)


def effort_of(progress: Progress | None, history: History | None) -> Effort | None:
    """Return what a shard's supervisors have worked, by what they last said; ``None`` where they do not tell.

    Of two sums the larger is the newer.
    """
    said = [each.effort for each in (progress, history) if each is not None and each.effort is not None]
    if any(each.seconds < 0 or each.pages < 0 for each in said):
        return None
    if said:
        return Effort(max(each.seconds for each in said), max(each.pages for each in said))
    return None if progress is None else _effort_before_sums(progress, history or History())


def _effort_before_sums(progress: Progress, history: History) -> Effort | None:
    """Return the effort as version 1.0 of the collection has it: since the first start, as if without a pause."""
    times = [progress.started_at, progress.updated_at, *(point.time for point in history.points)]
    if min(times) <= UNKNOWN_TIME or progress.updated_at < progress.started_at:
        return None
    return Effort(progress.updated_at - min(times), progress.pages_done)


def read_efforts(client: S3Client, results: S3Uri) -> Efforts:
    """Return what all shards that were ever started have worked.

    Takes one listing for each stage, and two reads for each shard.

    Raises:
        S3Error: S3 could not be read.
    """
    total = Effort()
    problems: list[str] = []
    by_node: defaultdict[str, float] = defaultdict(float)
    for stage in Stage:
        uris = [item.uri for item in list_objects(client, progress_folder(results, stage))]
        found = {name(results, uri, stage) for uri in uris for name in (shard_of_progress, shard_of_history)}
        shards = sorted(shard for shard in found if shard is not None)
        progress = read_progress(client, results, shards, stage)
        histories = read_histories(client, results, shards, stage)
        problems += [*progress.problems, *histories.problems]
        for shard in shards:
            said = progress.by_shard.get(shard)
            effort = effort_of(said, histories.by_shard.get(shard))
            if effort is not None:
                total += effort
                by_node[said.node if said else ""] += effort.seconds
            elif shard in progress.by_shard or not progress.problems:
                problems.append(f"shard {shard}: its progress and history do not say how long it worked.")
    return Efforts(total, tuple(problems), dict(by_node))
