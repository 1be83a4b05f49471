# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast each node has been, as weights to cut what is left by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from statistics import fmean

from .._errors import FarmError
from .._records.progress import Progress


def shard_weights(shards: int, live: Collection[int], progress: Mapping[int, Progress]) -> list[float]:
    """Return the weight of each shard, in their order: its node's pages per second, in the last minutes that it worked.

    A node that is lost, or of which every slot was drained, gets 0. One that has not done a page yet gets the
    mean of those that have; where none has, all get 1.

    Args:
        shards: how many there are, numbered from 1.
        live: those whose node can work.
        progress: what each shard's supervisor last said.

    Raises:
        FarmError: a shard is none, or no node can work.
    """
    strangers = sorted(shard for shard in live if not 1 <= shard <= shards)
    if strangers:
        raise FarmError(f"live has {strangers[0]}, but the shards are 1 to {shards}: set the number of shards right.")
    able = [shard for shard in sorted(set(live)) if not _is_drained(progress.get(shard))]
    if not able:
        raise FarmError("No node is left that could work: start or repair one first.")
    rates = {shard: _rate(each) for shard, each in progress.items()}
    measured = {shard: rate for shard, rate in rates.items() if rate > 0}
    usual = fmean(measured[shard] for shard in able if shard in measured) if measured.keys() & set(able) else 1.0
    return [measured.get(shard, usual) if shard in able else 0.0 for shard in range(1, shards + 1)]


def _rate(progress: Progress) -> float:
    # A node that has lost a GPU since it started is as fast as it is now.
    latest = progress.outlook.pages_per_second if progress.outlook else 0.0
    return latest if latest > 0 else progress.pages_per_second


def _is_drained(progress: Progress | None) -> bool:
    return progress is not None and len(progress.slots) > 0 and progress.drained.keys() >= progress.slots.keys()
