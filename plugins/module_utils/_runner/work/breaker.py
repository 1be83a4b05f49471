# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a run that is broken from documents that fail: too many fail alike, on one GPU or on the whole node.

A pipeline that breaks, a model that is not there or a disk that lies fails every document that it is given. What is
concerned then stops, and its documents stay pending.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ..._records.failure_classes import WINDOW, FailureClass

# So many in a row are no chance, whatever the share that is allowed.
MOST_IN_A_ROW = 20
# Of its documents one GPU must have failed so many for it alone to be to blame: where all fail alike, some GPU
# always has more than its share.
_GPUS_SHARE = 0.5


@dataclass(frozen=True)
class Break:
    """What stops, and why.

    Attributes:
        gpu: the one whose slots are to be drained; ``None`` where it is the whole shard.
        failure_class: of the failures that were too many.
        reason: what happened, and what to do, for people.
    """

    gpu: str | None
    failure_class: FailureClass
    reason: str


@dataclass(frozen=True)
class _Outcome:
    gpu: str
    failure_class: FailureClass | None


class Breaker:
    """Counts how documents end when they are tried for the first time.

    A document that had failed before says nothing of the run: those that are tried again come one after the other.

    The share is one of :data:`WINDOW` documents also while there are fewer: 2 failures of 5 are no sign yet, but more
    than ``max_share`` of 50 stay too many, however the next ones end. So a shard of a few documents never breaks.

    Args:
        gpus: that the slots are on, by :func:`gpu_of`; those on one have their hardware in common.
        max_share: which share of the last documents may fail in the same way; with 1 nothing ever breaks.
    """

    def __init__(self, gpus: Iterable[str], max_share: float) -> None:
        self._max_share = max_share
        self._gpus: dict[str, deque[_Outcome]] = {gpu: deque(maxlen=WINDOW) for gpu in gpus}
        self._node: deque[_Outcome] = deque(maxlen=WINDOW)

    def add(self, gpu: str, failure_class: FailureClass | None) -> Break | None:
        """Count a document and return what breaks by it, ``None`` where nothing does.

        Args:
            gpu: where it was; empty where it did not come so far.
            failure_class: how it failed; ``None`` where it did not.
        """
        outcome = _Outcome(gpu, failure_class)
        self._node.append(outcome)
        if gpu in self._gpus:
            self._gpus[gpu].append(outcome)
        if failure_class is None or failure_class.meaning.is_documents_fault or self._max_share >= 1:
            return None
        if self._is_too_much(self._node, failure_class):
            culprit = self._culprit(failure_class)
            return self._break(culprit, failure_class, self._node if culprit is None else self._gpus[culprit])
        if gpu in self._gpus and self._is_too_much(self._gpus[gpu], failure_class):
            return self._break(gpu, failure_class, self._gpus[gpu])
        return None

    def remove_gpu(self, gpu: str) -> None:
        """Forget a GPU that works no more: what it did says nothing of the others."""
        self._gpus.pop(gpu, None)
        self._node = deque((each for each in self._node if each.gpu != gpu), maxlen=WINDOW)

    def _is_too_much(self, outcomes: deque[_Outcome], failure_class: FailureClass) -> bool:
        # Rounded: 0.28 * 50 is a little more than 14.
        if _failed(outcomes, failure_class) > round(self._max_share * WINDOW, 6):
            return True
        last = list(outcomes)[-MOST_IN_A_ROW:]
        return _failed(last, failure_class) == MOST_IN_A_ROW

    def _culprit(self, failure_class: FailureClass) -> str | None:
        """Return the GPU without which the others would be in order; ``None`` where it is not one GPU's fault."""
        if len(self._gpus) < 2:
            return None
        gpu = max(self._gpus, key=lambda name: _failed(self._of(name), failure_class))
        own, others = self._of(gpu), [each for each in self._node if each.gpu != gpu]
        is_gpus = _failed(own, failure_class) >= _GPUS_SHARE * len(own)
        return gpu if is_gpus and _failed(others, failure_class) <= self._max_share * len(others) else None

    def _of(self, gpu: str) -> list[_Outcome]:
        return [each for each in self._node if each.gpu == gpu]

    def _break(self, gpu: str | None, failure_class: FailureClass, outcomes: deque[_Outcome]) -> Break:
        return Break(
            gpu,
            failure_class,
            f"{_failed(outcomes, failure_class)} of the last {len(outcomes)} documents failed as "
            f"{failure_class.value}: {failure_class.meaning.happened}. That is more than farm_max_failure_share "
            f"({self._max_share * 100:g}% of {WINDOW}, or {MOST_IN_A_ROW} in a row) allows, so it is no fault of "
            "theirs: they stay pending. Find out what they have in common, then start the shard again; or allow more.",
        )


def _failed(outcomes: Iterable[_Outcome], failure_class: FailureClass) -> int:
    return sum(each.failure_class is failure_class for each in outcomes)
