# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a piece of a shard is, and of which one; changes nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..._records.progress import Progress
from ..._status.supervisors import Heartbeat

# After so long without a heartbeat a supervisor answers nobody.
_SILENT_SECONDS = 60.0
# Of a full piece: a smaller one is not worth the asking.
_SMALLEST = 1 / 30


@dataclass(frozen=True)
class Wish:
    """Which shard to ask, and for how many seconds of its work."""

    shard: int
    seconds: float


@dataclass(frozen=True)
class Search:
    """What the other supervisors' words come to.

    Attributes:
        wish: what to ask for now, ``None`` for nothing.
        worthwhile: whether to look again later where there is no wish.
    """

    wish: Wish | None
    worthwhile: bool


def search(
    heartbeats: Mapping[int, Heartbeat], own: int, pipeline: str, piece_seconds: float, excluded: Collection[int]
) -> Search:
    """Return what the supervisor of shard ``own`` should ask for: a piece of the shard with the most work left.

    A piece is at most half of what each running node would have to do of all that nobody has begun, so that pieces get
    smaller towards the end and all nodes end together.

    Args:
        heartbeats: of all supervisors, by shard.
        own: the shard of the supervisor that has nothing left.
        pipeline: its own: by another nothing can be done.
        piece_seconds: of a full piece.
        excluded: shards that are not to be asked.
    """
    running = {
        shard: each.progress
        for shard, each in heartbeats.items()
        if is_alive(each) and each.progress.pipeline == pipeline
    }
    others = {shard: each for shard, each in running.items() if shard != own and shard not in excluded}
    left = {shard: seconds for shard, each in others.items() if (seconds := _seconds_left(each)) is not None}
    unknown = any(each.queued_pages and _seconds_left(each) is None for each in others.values())
    if not left:
        return Search(None, unknown)
    neediest = max(left, key=lambda shard: (left[shard], -shard))
    if left[neediest] < piece_seconds * _SMALLEST:
        return Search(None, unknown)
    share = sum(left.values()) / len({*running, own}) / 2
    return Search(Wish(neediest, min(piece_seconds, max(share, piece_seconds * _SMALLEST))), worthwhile=True)


def is_alive(heartbeat: Heartbeat) -> bool:
    """Whether a supervisor runs, and would answer."""
    return heartbeat.progress.state == "running" and heartbeat.age < _SILENT_SECONDS


def pages_to_lend(queued_pages: int, pages_per_second: float, seconds: float) -> int:
    """Return how many pages to give away: so many seconds' work, and half of what is left at most; 0 for none."""
    return int(min(pages_per_second * seconds, queued_pages / 2))


def _seconds_left(progress: Progress) -> float | None:
    """Return how long a supervisor will need for what it has not begun; ``None`` where its speed is not known yet."""
    if progress.pages_per_second <= 0:
        return None
    return progress.queued_pages / progress.pages_per_second
