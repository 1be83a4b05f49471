# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator asks of a cut, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._errors import FarmError
from .._records.work import WorkRules

# Within these, quotients and sums of loads and weights neither overflow nor vanish.
_SMALLEST_WEIGHT = 1e-6
_LARGEST_WEIGHT = 1e9
# The list of a shard of a cut of pieces is in memory at once while it is written.
_MOST_PIECE_PAGES = 1_000_000


@dataclass(frozen=True)
class CutOptions:
    """How documents are chosen and dealt.

    Attributes:
        weights: relative speed of each shard; one of weight 0 gets nothing.
        skip_errors: leave out documents whose pages could not be counted, instead of assigning them as 0 pages.
        min_pages: leave out documents known to have fewer pages.
        limit_per_shard: documents each shard keeps; ``None`` for all.
        keep_failed: of finished documents leave out the done ones alone.
        piece_pages: cut as many shards as it takes, each of at most so many pages, see :class:`Filling`; ``None`` for
            one for each weight.
    """

    weights: tuple[float, ...] = ()
    skip_errors: bool = True
    min_pages: int = 1
    limit_per_shard: int | None = None
    keep_failed: bool = False
    piece_pages: int | None = None

    @property
    def rules(self) -> WorkRules:
        """Which rows of a table are work."""
        return WorkRules(self.skip_errors, self.min_pages)

    def __post_init__(self) -> None:
        """Refuse what no cut can honour.

        Raises:
            FarmError: a value is out of its range; the message says which and what is right.
        """
        if self.min_pages < 0:
            raise FarmError(f"min_pages is {self.min_pages}: it must be 0 or more.")
        if self.limit_per_shard is not None and self.limit_per_shard < 1:
            raise FarmError(
                f"limit_per_shard is {self.limit_per_shard}: it must be 1 or more, or left out for all documents."
            )
        if self.piece_pages is not None:
            self._check_pieces(self.piece_pages)
            return
        for number, weight in enumerate(self.weights, start=1):
            if weight != 0 and not _SMALLEST_WEIGHT <= weight <= _LARGEST_WEIGHT:
                raise FarmError(
                    f"weights: shard {number} has {weight}: a weight is 0 (the shard gets nothing) "
                    f"or from {_SMALLEST_WEIGHT:g} to {_LARGEST_WEIGHT:g}."
                )
        if not any(self.weights):
            raise FarmError("weights: every shard has 0, so no shard could get a document: give one a weight above 0.")

    def _check_pieces(self, pages: int) -> None:
        if not 1 <= pages <= _MOST_PIECE_PAGES:
            raise FarmError(f"piece_pages is {pages}: it must be from 1 to {_MOST_PIECE_PAGES}.")
        if self.weights:
            raise FarmError("weights: a cut of pieces has none, as whoever is faster takes more of them: leave it out.")
        if self.limit_per_shard is not None:
            raise FarmError(
                "limit_per_shard: a cut of pieces has none: give a number of shards for a trial, and no piece_pages."
            )


def shard_weights(shards: int, weights: Sequence[float] | None) -> tuple[float, ...]:
    """Return the weight of each of ``shards`` shards; all equal where none are given.

    Raises:
        FarmError: there is no shard, or not one weight a shard.
    """
    if shards < 1:
        raise FarmError(f"shards is {shards}: it must be 1 or more.")
    if not weights:
        return (1.0,) * shards
    if len(weights) != shards:
        raise FarmError(
            f"weights has {len(weights)} values for {shards} shards: give one weight a shard, in their order."
        )
    return tuple(weights)
