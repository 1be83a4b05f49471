# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summing a cut up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .._records.document import Document
from .._records.page_counts import READ_ERROR
from .._records.summary import ShardSummary, Summary, Totals
from .balance import imbalance, imbalance_lower_bound

# Ratios are rounded so that they read well; rounding keeps imbalance >= imbalance_lower_bound.
_DIGITS = 6


def summarize(shards: Sequence[list[Document]], weights: Sequence[float], skipped: Mapping[str, int]) -> Summary:
    """Return the summary of shards whose documents are longest first."""
    loads = [sum(document.pages for document in shard) for shard in shards]
    sizes = [sum(document.bytes or 0 for document in shard) for shard in shards]
    documents = sum(map(len, shards))
    pages = sum(loads)
    largest = max((shard[0].pages for shard in shards if shard), default=0)
    return Summary(
        shards=tuple(
            ShardSummary(number, weight, len(shard), load, size, round(load / pages, _DIGITS) if pages else 0.0)
            for number, (shard, weight, load, size) in enumerate(zip(shards, weights, loads, sizes, strict=True), 1)
        ),
        totals=Totals(documents + sum(skipped.values()), documents, pages, sum(sizes)),
        skipped=dict(sorted(skipped.items())),
        imbalance=round(imbalance(loads, weights), _DIGITS),
        imbalance_lower_bound=round(imbalance_lower_bound(pages, largest, weights), _DIGITS),
        notes=tuple(_notes(shards, weights, skipped)),
    )


def _notes(shards: Sequence[list[Document]], weights: Sequence[float], skipped: Mapping[str, int]) -> Iterator[str]:
    if skipped.get(READ_ERROR):
        yield f"{skipped[READ_ERROR]} documents could not be read when they were counted: count the pages again."
    documents = [document for shard in shards for document in shard]
    if not documents:
        rows = sum(skipped.values())
        yield f"No document is left to process: all {rows} rows are skipped." if rows else "The table has no row."
        return
    empty = [number for number, shard in enumerate(shards, 1) if not shard and weights[number - 1]]
    if empty:
        yield f"There are too few documents for every shard: {len(empty)} of {len(shards)} shards are empty."
    unknown = sum(not document.pages for document in documents)
    if unknown:
        yield f"{unknown} documents of 0 or unknown pages count as 0 pages: they are dealt by number and finish last."
    ideal = sum(document.pages for document in documents) / sum(weights) * max(weights)
    for shard in filter(None, shards):
        if shard[0].pages > ideal:
            yield f"{shard[0].uri} alone has {shard[0].pages} pages, more than the {ideal:.0f} that are a shard's part."
