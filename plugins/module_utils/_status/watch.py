# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a farm while it works, from what its supervisors say."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from .._records.progress import BROKEN, Progress
from .attention import is_crowded, silent_shards, warnings
from .outlook import outlook, pieces_outlook
from .supervisors import Heartbeat, Readings
from .table import progress_line, supervisors_line


class Watch:
    """Tells a line at each look, and what wants attention when that is something else than at the look before.

    Args:
        shards: the numbers of all shards; ``None`` where supervisors take pieces from a queue.
        read: returns what each supervisor last said.
        silent_seconds: how long a supervisor may say nothing.
        tell: is given each line.
    """

    def __init__(
        self,
        shards: Sequence[int] | None,
        read: Callable[[], Readings[Heartbeat]],
        silent_seconds: float,
        tell: Callable[[str], None],
    ) -> None:
        self._shards = shards
        self._read = read
        self._silent_seconds = silent_seconds
        self._tell = tell
        self._told: tuple[object, ...] = ([], [], [], [], ())

    def look(self) -> dict[int, Progress]:
        """Return what each shard's supervisor last said, and tell it."""
        heartbeats = self._read()
        progress = {shard: each.progress for shard, each in heartbeats.by_shard.items()}
        ages = {shard: each.age for shard, each in heartbeats.by_shard.items()}
        self._tell(self._line(heartbeats.by_shard, progress))
        silent = silent_shards(progress, ages, self._silent_seconds)
        broken = [shard for shard, each in sorted(progress.items()) if each.state == BROKEN]
        drained = [(shard, slot) for shard, each in sorted(progress.items()) for slot in sorted(each.drained)]
        crowded = [shard for shard, each in sorted(progress.items()) if is_crowded(each)]
        state = (silent, broken, drained, crowded, heartbeats.problems)
        if state != self._told:
            self._told = state
            for warning in [*warnings(progress, ages, self._silent_seconds), *heartbeats.problems]:
                self._tell(warning)
        return progress

    def _line(self, heartbeats: Mapping[int, Heartbeat], progress: Mapping[int, Progress]) -> str:
        if self._shards is None:
            # What is left of the pieces, the markers alone say.
            now = pieces_outlook(0, heartbeats, self._silent_seconds, time.time())
            return supervisors_line(progress, now.rate)
        # What nobody has said is some work.
        pending = {shard: progress[shard].pending if shard in progress else 1 for shard in self._shards}
        now = outlook(pending, heartbeats, self._silent_seconds, time.time())
        return progress_line(self._shards, progress, now)
