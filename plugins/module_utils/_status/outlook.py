# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the shards are worked on now, and when they will be finished: by what lives, and what that has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .._formatting import duration
from .._records.progress import Progress
from .account import NO_SHARD
from .attention import is_silent
from .farm import Farm
from .supervisors import Heartbeat

# Of a finish, in their order.
_TIMES = ("expected", "earliest", "latest")


@dataclass(frozen=True)
class Finish:
    """When something will be finished, in seconds since the epoch.

    Attributes:
        expected: most likely.
        earliest: by the number and the spread of what was measured, it will hardly be before;
        latest: and hardly after.
    """

    expected: float
    earliest: float
    latest: float

    def texts(self) -> dict[str, str]:
        """Return the times by their names, in UTC as ISO 8601 has them."""
        return {name: _iso(getattr(self, name)) for name in _TIMES}


@dataclass(frozen=True)
class ShardOutlook:
    """One shard.

    Attributes:
        shard: its number.
        rate: pages per second in the last minutes; 0 where nobody works.
        finish: ``None`` where there is nothing to finish, nobody works, or too little was measured.
        is_pending: whether there is something to finish.
        is_worked_on: whether somebody lives who works on it.
    """

    shard: int
    rate: float
    finish: Finish | None
    is_pending: bool
    is_worked_on: bool


@dataclass(frozen=True)
class FarmOutlook:
    """All shards of a stage.

    Attributes:
        shards: by number; of a cut of pieces the supervisors.
        now: when that was, in seconds since the epoch.
        pieces: what they do together of a cut of pieces; ``None`` where each has a shard of its own.
    """

    shards: Mapping[int, ShardOutlook]
    now: float
    pieces: ShardOutlook | None = None

    @property
    def _parts(self) -> list[ShardOutlook]:
        return list(self.shards.values()) if self.pieces is None else [self.pieces]

    @property
    def rate(self) -> float:
        """Pages per second of all who work, in the last minutes."""
        return sum(each.rate for each in self.shards.values())

    @property
    def finish(self) -> Finish | None:
        """When the last shard will be finished; ``None`` where nothing is pending, or of one nobody can tell."""
        found = []
        for each in self._parts:
            if each.is_pending:
                if each.finish is None:
                    return None
                found.append(each.finish)
        if not found:
            return None
        return Finish(*(max(getattr(each, name) for each in found) for name in _TIMES))

    @property
    def seconds_left(self) -> float | None:
        """Until the last shard will be finished; 0 where nothing is pending, ``None`` where nobody can tell."""
        if not any(each.is_pending for each in self._parts):
            return 0.0
        return max(0.0, self.finish.expected - self.now) if self.finish else None

    def line(self) -> str:
        """Return a sentence for people; an empty text where nothing is pending."""
        finish = self.finish
        if finish is not None:
            earliest, latest = _minute(finish.earliest), _minute(finish.latest)
            left = duration(max(0.0, finish.expected - self.now))
            return f"finished about {_minute(finish.expected)} UTC, between {earliest} and {latest}: {left} left"
        pending = [each for each in self._parts if each.is_pending]
        if not pending:
            return ""
        if self.pieces is not None and not self.pieces.is_worked_on:
            return "no end in sight: nobody works"
        idle = [str(each.shard) for each in pending if not each.is_worked_on]
        if idle:
            return f"no end in sight: nobody works on shard {', '.join(idle)}"
        return "time left unknown: too few documents have ended to tell"


def outlook(
    pending: Mapping[int, int], heartbeats: Mapping[int, Heartbeat], silent_seconds: float, now: float
) -> FarmOutlook:
    """Return what the supervisors that live expect.

    Each expects to end its shard alone. Where they lend, a shard takes no longer than all that is left takes all of
    them together, or than what it may not lend takes its own node.

    Args:
        pending: documents of each shard that the stage has not ended.
        heartbeats: what each shard's supervisor last said; a shard nobody has started is absent.
        silent_seconds: after how long without a heartbeat a supervisor is taken for dead.
        now: seconds since the epoch.
    """
    shards = {
        shard: _shard(shard, count, heartbeats.get(shard), silent_seconds, now) for shard, count in pending.items()
    }
    together = _together([each for each in shards.values() if each.is_worked_on], now)
    if together is not None:
        for shard, each in shards.items():
            if each.finish is not None:
                shards[shard] = replace(
                    each, finish=_helped(each.finish, together, _own_share(heartbeats[shard].progress), now)
                )
    return FarmOutlook(shards, now)


def _together(shards: Sequence[ShardOutlook], now: float) -> Finish | None:
    """Return when all nodes have ended all shards, were nobody idle before; ``None`` where that is not known."""
    rate = sum(each.rate for each in shards)
    if rate <= 0 or any(each.is_pending and each.finish is None for each in shards):
        return None
    left = [(each.rate, each.finish) for each in shards if each.finish is not None]
    return Finish(*(now + sum(pace * (getattr(end, name) - now) for pace, end in left) / rate for name in _TIMES))


def _own_share(said: Progress) -> float:
    """Return which share of its work a supervisor has to do itself: what it has begun, and what may not be lent."""
    if said.pages_pending <= 0 or said.pending <= 0:
        return 1.0
    return max(0.0, 1 - said.queued_pages / said.pages_pending - said.lent / said.pending)


def _helped(alone: Finish, together: Finish, own_share: float, now: float) -> Finish:
    def end(name: str) -> float:
        own: float = getattr(alone, name)
        all_together: float = getattr(together, name)
        return min(own, max(all_together, now + own_share * (own - now)))

    return Finish(*map(end, _TIMES))


def farm_outlook(farm: Farm, silent_seconds: float, now: float) -> FarmOutlook:
    """Return the same from a farm's state, where the markers say what is pending."""
    heartbeats = {shard: Heartbeat(each, farm.ages[shard]) for shard, each in farm.progress.items()}
    if farm.pieces is not None:
        return pieces_outlook(farm.pieces.pages_left, heartbeats, silent_seconds, now)
    pending = {each.shard: each.waiting[farm.stage] for each in farm.shards}
    return outlook(pending, heartbeats, silent_seconds, now)


def pieces_outlook(
    pages_left: float, heartbeats: Mapping[int, Heartbeat], silent_seconds: float, now: float
) -> FarmOutlook:
    """Return what the supervisors that live come to, who take one piece after the other until none is left.

    What is expected is by their pages a second of the last minutes; the range has also those since each has started.

    Args:
        pages_left: of all pieces.
        heartbeats: what each supervisor last said.
        silent_seconds: after how long without a heartbeat a supervisor is taken for dead.
        now: seconds since the epoch.
    """
    found = {shard: _shard(shard, 0, said, silent_seconds, now) for shard, said in heartbeats.items()}
    living = [each for each in found.values() if each.is_worked_on]
    rate = sum(each.rate for each in living)
    mean = sum(heartbeats[each.shard].progress.pages_per_second for each in living)
    finish = None
    if pages_left > 0 and rate > 0 and mean > 0:
        seconds = [pages_left / each for each in (rate, max(rate, mean), min(rate, mean))]
        finish = Finish(*(now + each for each in seconds))
    whole = ShardOutlook(NO_SHARD, rate, finish, pages_left > 0, is_worked_on=bool(living))
    return FarmOutlook(found, now, whole)


def _shard(shard: int, pending: int, said: Heartbeat | None, silent_seconds: float, now: float) -> ShardOutlook:
    if said is None or said.progress.state != "running" or is_silent(said.progress, said.age, silent_seconds):
        return ShardOutlook(shard, 0.0, None, pending > 0, is_worked_on=False)
    found = said.progress.outlook
    if found is None:
        # An earlier version of the collection: it does not say when, and its rate is that since its start.
        return ShardOutlook(shard, said.progress.pages_per_second, None, pending > 0, is_worked_on=True)
    finish = None
    if pending and found.seconds is not None and found.least_seconds is not None and found.most_seconds is not None:
        # By the clock of who looks, as nodes' clocks may differ.
        said_at = now - said.age
        finish = Finish(said_at + found.seconds, said_at + found.least_seconds, said_at + found.most_seconds)
    # One whose last slot is drained works on what it uploads alone.
    is_worked_on = said.progress.drained.keys() < said.progress.slots.keys()
    return ShardOutlook(shard, found.pages_per_second, finish, pending > 0, is_worked_on)


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _minute(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
