# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few documents of the page-count table that stand for all: of all lengths, and the same ones each time."""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Iterable

from .._records.page_counts import CountRow

# Drawn for each document that is wanted: lengths of so many tell how long the collection's documents are.
_DRAWN = 32


def sample(rows: Iterable[CountRow], count: int, most_pages: int | None = None) -> list[CountRow]:
    """Return at most ``count`` documents, the shortest first, one from each part of all lengths.

    Documents are drawn by a digest of their address, so that a table that has grown has most of them again. Memory does
    not grow with the table.

    Args:
        rows: the table's; those with an error and those of no page are not drawn.
        count: how many are wanted, 1 or more.
        most_pages: longer ones are not drawn; ``None`` for no limit.
    """
    fit = (row for row in rows if row.pages and not row.error and (most_pages is None or row.pages <= most_pages))
    drawn = heapq.nsmallest(count * _DRAWN, fit, key=_order)
    drawn.sort(key=lambda row: (row.pages, *_order(row)))
    parts = min(count, len(drawn))
    bounds = [part * len(drawn) // parts for part in range(parts + 1)] if parts else []
    return [min(drawn[begin:end], key=_order) for begin, end in itertools.pairwise(bounds)]


def _order(row: CountRow) -> tuple[bytes, str]:
    """Return what documents are drawn by; a key may have bytes that are no UTF-8."""
    return hashlib.sha256(row.uri.encode("utf-8", "surrogateescape")).digest(), row.uri
