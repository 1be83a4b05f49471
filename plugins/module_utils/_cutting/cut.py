# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page-count table cut into shards."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from .._records.document import Document
from .._records.page_counts import CountRow
from .._records.summary import Summary
from .balance import balance
from .options import CutOptions
from .selection import select
from .summary import summarize

OVER_LIMIT = "over_limit"


@dataclass(frozen=True)
class Manifest:
    """Each shard's documents, longest first, and their summary."""

    shards: tuple[list[Document], ...]
    summary: Summary


def cut(rows: Iterable[CountRow], options: CutOptions, finished: Container[str] = frozenset()) -> Manifest:
    """Cut the table's rows into one shard for each weight.

    Args:
        rows: in any order, which has no effect.
        options: which rows to use, and how to deal them.
        finished: keys of documents to leave out because they are done or failed.

    Raises:
        FarmError: the rows contradict each other, or two documents would share their results.
    """
    selection = select(rows, options, finished)
    whole = balance(selection.documents, options.weights)
    shards = tuple(_thin(shard, options.limit_per_shard) for shard in whole)
    over_limit = len(selection.documents) - sum(map(len, shards))
    skipped = dict(selection.skipped) | ({OVER_LIMIT: over_limit} if over_limit else {})
    return Manifest(shards, summarize(shards, options.weights, skipped))


def _thin(documents: list[Document], limit: int | None) -> list[Document]:
    """Return at most ``limit`` of the documents, evenly spread over their sizes.

    The first ones would be the longest of the whole collection: hours of work, and typical of nothing.
    """
    if limit is None or len(documents) <= limit:
        return documents
    return [documents[(2 * number + 1) * len(documents) // (2 * limit)] for number in range(limit)]
