# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for supervisors that may die without a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import Progress


def wait_for_shards(
    shards: Sequence[int],
    read: Callable[[], Mapping[int, Progress]],
    finished: Callable[[], bool],
    show: Callable[[Mapping[int, Progress]], None],
    *,
    timeout_seconds: float,
    silent_seconds: float,
    poll_seconds: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Wait until every document is finished, or until waiting longer makes no sense.

    A shard is silent when its progress has not changed for ``silent_seconds`` by this machine's own
    clock: nodes' clocks may differ. What an earlier supervisor said of its end is therefore not taken
    for that of one just started.

    Args:
        read: returns what each shard's supervisor last said; cheap, called at every poll.
        finished: returns whether no document is pending; asked only when no supervisor says it runs.
        show: is told what was read, at every poll.

    Returns:
        An empty string when all is finished, else why waiting ended, for the operator.
    """
    start = clock()
    changed_at: dict[int, float] = dict.fromkeys(shards, start)
    last: dict[int, Progress | None] = dict.fromkeys(shards)
    while True:
        now = clock()
        progress = read()
        show(progress)
        for shard in shards:
            if progress.get(shard) != last[shard]:
                last[shard], changed_at[shard] = progress.get(shard), now
        if not any(each and each.state == "running" for each in last.values()) and finished():
            return ""
        silent = [shard for shard in shards if now - changed_at[shard] > silent_seconds]
        if len(silent) == len(shards):
            if finished():
                return ""
            return "; ".join(_last_words(shard, last[shard], silent_seconds) for shard in shards)
        if now - start > timeout_seconds:
            return f"Still at work after {timeout_seconds:.0f} s. Waiting again picks up where the shards are."
        sleep(poll_seconds)


def _last_words(shard: int, progress: Progress | None, silent_seconds: float) -> str:
    if progress is None:
        return f"shard {shard}: no supervisor has reported: was it started?"
    if progress.state == "running":
        return f"shard {shard}: no sign of life from {progress.node} for {silent_seconds:.0f} s: start it again"
    return f"shard {shard}: {progress.state} with {progress.pending} pending {progress.message}".rstrip()
