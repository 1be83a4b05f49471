# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of all documents, by where their text comes from and whether it is text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .account import Sums
from .farm import Farm


@dataclass(frozen=True)
class Outcomes:
    """Each document of the account is in one of these, with all its pages.

    Attributes:
        good_by_layer: done, by their own text layer alone.
        good_by_ocr: done, after some of their pages were recognised.
        poor: failed, as what came out, or was there, is no text.
        failed: failed in another way.
        pending: neither done nor failed.
    """

    good_by_layer: Sums
    good_by_ocr: Sums
    poor: Sums
    failed: Sums
    pending: Sums


def outcomes_of(farm: Farm) -> Outcomes:
    """Return what came of all documents."""
    shards = [*farm.cut, farm.no_shard]
    done = _sum(Sums(each.done, each.pages_done) for each in shards)
    failed = _sum(Sums(each.failed, each.pages_failed) for each in shards)
    # A marker may have the pages of another count.
    poor = Sums(farm.poor.documents, min(farm.poor.pages, failed.pages))
    return Outcomes(
        good_by_layer=_without(done, farm.recognised),
        good_by_ocr=farm.recognised,
        poor=poor,
        failed=_without(failed, poor),
        pending=_sum(Sums(each.pending, each.pages_pending) for each in shards),
    )


def _sum(parts: Iterable[Sums]) -> Sums:
    total = Sums()
    for part in parts:
        total.documents += part.documents
        total.pages += part.pages
    return total


def _without(whole: Sums, part: Sums) -> Sums:
    return Sums(whole.documents - part.documents, whole.pages - part.pages)
