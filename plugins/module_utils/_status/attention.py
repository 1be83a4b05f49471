# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a running farm an operator should look at."""

from __future__ import annotations

from collections.abc import Mapping

from .._formatting import duration, one_line
from .._records.failure_classes import WINDOW, FailureClass
from .._records.progress import BROKEN, Progress
from .._records.slots import by_reason

# Documents that, where not one of them was done, are a sign.
_FEWEST = 5
# Documents of the last 50 that may be done twice for their GPU's memory: a few are larger than others.
_MOST_CROWDED = 5


def is_silent(progress: Progress, age: float, silent_seconds: float) -> bool:
    """Return whether a supervisor says it runs but has said nothing for longer than ``silent_seconds``."""
    return progress.state == "running" and age > silent_seconds


def is_crowded(progress: Progress) -> bool:
    """Return whether more workers share GPUs than these have memory for."""
    return progress.crowded > _MOST_CROWDED


def silent_shards(progress: Mapping[int, Progress], ages: Mapping[int, float], silent_seconds: float) -> list[int]:
    """Return the shards whose supervisor is silent, see :func:`is_silent`.

    Args:
        progress: what each supervisor last said, by shard.
        ages: seconds since then, by S3's clock, by shard.
        silent_seconds: how long a supervisor may say nothing.
    """
    return [shard for shard, each in sorted(progress.items()) if is_silent(each, ages[shard], silent_seconds)]


def warnings(progress: Mapping[int, Progress], ages: Mapping[int, float], silent_seconds: float) -> list[str]:
    """Return a sentence for each silent node, broken shard, slot that works no more, and node of too small GPUs."""
    silent = [
        f"shard {shard}: no heartbeat from {progress[shard].node} for {duration(ages[shard])}: run process.yml again"
        for shard in silent_shards(progress, ages, silent_seconds)
    ]
    broken = [
        f"shard {shard}: {each.node} has stopped: {each.message}"
        for shard, each in sorted(progress.items())
        if each.state == BROKEN
    ]
    drained = [
        f"shard {shard}: slot {slots} of {each.node} works no more: {reason}"
        for shard, each in sorted(progress.items())
        for slots, reason in by_reason(each.drained)
    ]
    crowded = [
        f"shard {shard}: {each.crowded} of the last {WINDOW} documents of {each.node} ran out of their GPU's memory "
        "beside others and were done again alone: set farm_workers_per_gpu to fewer"
        for shard, each in sorted(progress.items())
        if is_crowded(each)
    ]
    # What nodes say of themselves is shown in terminals.
    return [one_line(sentence) for sentence in [*silent, *broken, *drained, *crowded]]


def failing_alike(failures: Mapping[str, int], ended: int, max_share: float) -> dict[str, str]:
    """Return a sentence, by class, for each that more documents of all shards have failed with at a stage than may.

    Shards of few documents never break by themselves (see ``_runner/work/breaker.py``), and all of them may be wrong.
    As there, it is the share of 50 documents also where fewer have ended; but where all of five or more have failed,
    as in a trial, nobody needs more of them to tell.

    Args:
        failures: how many failed at the stage, by class. Of another stage they would keep a later one, which is to try
            them again, from being reached.
        ended: documents that the stage has ended, those that it has handed on included.
        max_share: which share of them may fail in the same way; with 1 there is no limit.
    """
    meanings = {each.value: each.meaning for each in FailureClass}
    return {
        name: f"{count} of {ended} documents failed as {name}: {meanings[name].happened}. That is more than "
        f"farm_max_failure_share ({max_share * 100:g}%) allows, so look for what they have in common, "
        f"and {meanings[name].advice}."
        for name, count in sorted(failures.items())
        if name in meanings
        and not meanings[name].is_documents_fault
        and max_share < 1
        and (count > round(max_share * max(ended, WINDOW), 6) or count == ended >= _FEWEST)
    }
