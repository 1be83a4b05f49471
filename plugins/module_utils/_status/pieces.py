# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cut of pieces, which supervisors take from a queue: what became of them, all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .._records.progress import Progress
from .._records.stage import Stage
from .._records.summary import ShardSummary
from .reconciliation import ShardStatus, empty_status


@dataclass(frozen=True)
class Pieces:
    """All pieces of a cut.

    Attributes:
        number: of pieces.
        unfinished: the numbers of those that have documents that wait for the stage.
        total: the documents of all pieces together.
        pages_left: of the documents that wait for the stage, in what the cut counts: pages, pages to recognise or
            formulas. Of a piece that is begun by the number of its documents, which are about equally long.
    """

    number: int
    unfinished: frozenset[int]
    total: ShardStatus
    pages_left: float

    @property
    def finished(self) -> int:
        """Pieces of which no document waits for the stage."""
        return self.number - len(self.unfinished)

    def in_work(self, living: Iterable[Progress]) -> int:
        """Return how many unfinished pieces the supervisors that live have in hand, by what each last said."""
        return len(self.unfinished & {piece for each in living for piece in each.helping})

    def line(self, living: Iterable[Progress]) -> str:
        """Return a sentence on the pieces for people; see :meth:`in_work`."""
        in_work = self.in_work(living)
        waiting = len(self.unfinished) - in_work
        return f"pieces: {self.finished} of {self.number} finished, {in_work} in work, {waiting} waiting"


def pieces_of(cut: Sequence[ShardSummary], statuses: Sequence[ShardStatus], stage: Stage) -> Pieces:
    """Return what became of all pieces of a cut.

    Args:
        cut: the pieces in numbers.
        statuses: what became of each, in the same order.
        stage: of the cut.
    """
    pages_left = sum(
        piece.pages * status.waiting[stage] / piece.documents
        for piece, status in zip(cut, statuses, strict=True)
        if piece.documents
    )
    unfinished = frozenset(status.shard for status in statuses if status.waiting[stage])
    return Pieces(len(statuses), unfinished, _total(statuses), pages_left)


def _total(statuses: Sequence[ShardStatus]) -> ShardStatus:
    failures: Counter[str] = Counter()
    for status in statuses:
        failures.update(status.failures)
    names = [name for name, value in vars(empty_status(0)).items() if isinstance(value, int) and name != "shard"]
    sums = {name: sum(getattr(status, name) for status in statuses) for name in names}
    return replace(empty_status(0), failures=dict(sorted(failures.items())), **sums)
