# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summing a cut up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .._records.page_counts import READ_ERROR
from .._records.summary import ShardSummary, Summary, Totals
from .balance import imbalance, imbalance_lower_bound
from .options import CutOptions
from .shard_file import ShardFile

# Ratios are rounded so that they read well; rounding keeps imbalance >= imbalance_lower_bound.
_DIGITS = 6


def summarize(shards: Sequence[ShardFile], options: CutOptions, skipped: Mapping[str, int]) -> Summary:
    """Return the summary of shards whose documents are longest first."""
    weights = options.weights or (1.0,) * len(shards)
    documents = sum(shard.documents for shard in shards)
    pages = sum(shard.pages for shard in shards)
    summary = Summary(
        shards=tuple(
            ShardSummary(
                number,
                weight,
                shard.documents,
                shard.pages,
                shard.bytes,
                round(shard.pages / pages, _DIGITS) if pages else 0.0,
            )
            for number, (shard, weight) in enumerate(zip(shards, weights, strict=True), 1)
        ),
        totals=Totals(documents + sum(skipped.values()), documents, pages, sum(shard.bytes for shard in shards)),
        skipped=dict(sorted(skipped.items())),
        notes=tuple(_notes(shards, options, skipped)),
        piece_pages=options.piece_pages or 0,
    )
    if options.piece_pages is not None:
        return summary
    loads = [shard.pages for shard in shards]
    largest = max((shard.most_pages for shard in shards), default=0)
    return replace(
        summary,
        imbalance=round(imbalance(loads, weights), _DIGITS),
        imbalance_lower_bound=round(imbalance_lower_bound(pages, largest, weights), _DIGITS),
    )


def _notes(shards: Sequence[ShardFile], options: CutOptions, skipped: Mapping[str, int]) -> Iterator[str]:
    if skipped.get(READ_ERROR):
        yield f"{skipped[READ_ERROR]} documents could not be read when they were counted: count the pages again."
    if not any(shard.documents for shard in shards):
        rows = sum(skipped.values())
        yield f"No document is left to process: all {rows} rows are skipped." if rows else "The table has no row."
        return
    unknown = sum(shard.unknown for shard in shards)
    if options.piece_pages is not None:
        if unknown:
            yield f"{unknown} documents of 0 or unknown pages count as 1 page: they are dealt by number and come last."
        return
    weights = options.weights
    empty = [number for number, shard in enumerate(shards, 1) if not shard.documents and weights[number - 1]]
    if empty:
        yield f"There are too few documents for every shard: {len(empty)} of {len(shards)} shards are empty."
    if unknown:
        yield f"{unknown} documents of 0 or unknown pages count as 0 pages: they are dealt by number and finish last."
    ideal = sum(shard.pages for shard in shards) / sum(weights) * max(weights)
    for shard in shards:
        if shard.most_pages > ideal:
            most = shard.most_pages
            yield f"{shard.first} alone has {most} pages, more than the {ideal:.0f} that are a shard's part."
