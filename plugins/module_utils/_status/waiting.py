# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for supervisors that may die without a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from .._records.progress import Progress


class Look(Protocol):
    """What a look at the markers finds."""

    @property
    def pending(self) -> int:
        """Documents of the shards without a marker."""


LookT = TypeVar("LookT", bound=Look)


def wait_for_shards(
    shards: Sequence[int],
    read: Callable[[], Mapping[int, Progress]],
    look: Callable[[], LookT],
    *,
    timeout_seconds: float,
    silent_seconds: float,
    poll_seconds: float,
    outages: Callable[[], int] = lambda: 0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[LookT, str]:
    """Wait until every document is finished, or until waiting longer makes no sense.

    A shard is silent when its progress has not changed for ``silent_seconds`` by this machine's own
    clock: nodes' clocks may differ. What an earlier supervisor said of its end is therefore not taken
    for that of one just started.

    Args:
        shards: the numbers of all shards; none where supervisors take pieces from a queue, of which each counts from
            its first word on.
        read: returns what each shard's supervisor last said; cheap, called at every poll.
        look: reads all markers, which may take minutes. Called when no supervisor says it runs, but not again
            until one has said something else, and once when waiting ends early.
        timeout_seconds: how long to wait at most.
        silent_seconds: how long every shard must have been silent for waiting to end.
        poll_seconds: pause between two reads.
        outages: how often reading has waited for S3. What is not heard meanwhile is nobody's silence, and nodes that
            were cut off too have the time to say something.
        clock: seconds that only grow.
        sleep: pauses for so many seconds.

    Returns:
        The last look, and why waiting ended, for the operator: empty when all is finished.
    """
    start = clock()
    changed_at: dict[int, float] = dict.fromkeys(shards, start)
    last: dict[int, Progress | None] = dict.fromkeys(shards)
    looked_at: dict[int, Progress | None] | None = None
    heard_outages = outages()
    while True:
        progress = read()
        now = clock()
        if outages() != heard_outages:
            heard_outages = outages()
            changed_at = dict.fromkeys(changed_at, now)
        for shard in [*last, *(progress.keys() - last.keys())]:
            if progress.get(shard) != last.get(shard):
                last[shard], changed_at[shard] = progress.get(shard), now
        running = any(each and each.state == "running" for each in last.values())
        silent = now - max(changed_at.values(), default=start) > silent_seconds
        late = now - start > timeout_seconds
        if silent or late or (not running and last != looked_at):
            looked_at = dict(last)
            found = look()
            if not found.pending:
                return found, ""
            if silent:
                return found, _last_words_of_all(last, silent_seconds)
            if late:
                reason = f"Still at work after {timeout_seconds:.0f} s. Waiting again picks up where the shards are."
                return found, reason
        sleep(poll_seconds)


def _last_words_of_all(last: Mapping[int, Progress | None], silent_seconds: float) -> str:
    if not last:
        return "no supervisor has reported: was any started?"
    return "; ".join(_last_words(shard, said, silent_seconds) for shard, said in sorted(last.items()))


def _last_words(shard: int, progress: Progress | None, silent_seconds: float) -> str:
    if progress is None:
        return f"shard {shard}: no supervisor has reported: was it started?"
    if progress.state == "running":
        return f"shard {shard}: no heartbeat from {progress.node} for {silent_seconds:.0f} s: start it again"
    return f"shard {shard}: {progress.state} with {progress.pending} pending {progress.message}".rstrip()
