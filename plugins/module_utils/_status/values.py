# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's state as plain values, for machines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from .._records.document import key_of
from .._records.history import DURATION_BOUNDS, NO_DURATIONS, History
from .._records.markers import Marker
from .._records.progress import Progress
from .._records.quality import QualitySummary
from .._records.shard_quality import ShardQuality
from .attention import failing_alike, silent_shards, warnings
from .costs import costs
from .farm import Farm
from .nodes import node_warnings
from .outcomes import outcomes_of
from .outlook import FarmOutlook, ShardOutlook, farm_outlook
from .pieces import Pieces
from .reconciliation import ShardStatus
from .stale_documents import describe_stale
from .table import living, report


def values_of(
    farm: Farm,
    *,
    waited: str,
    price_per_hour: float | None,
    silent_after: float,
    max_failure_share: float,
    stale: Mapping[int, Mapping[str, int]] | None,
    clock: Callable[[], float] = time.time,
) -> dict[str, Any]:
    """Return everything that is known of a farm, as JSON can have it, and the report for people.

    Args:
        farm: the farm's state.
        waited: why waiting ended early; empty where it did not.
        price_per_hour: of a node that does not say itself what it costs, in USD; ``None`` where costs are not wanted.
        silent_after: seconds without a heartbeat after which a shard that runs is silent.
        max_failure_share: see :func:`failing_alike`.
        stale: stale markers of each shard that has any, by what has changed; ``None`` where nobody looked.
        clock: seconds since the epoch.
    """
    now = clock()
    outlook = farm_outlook(farm, silent_after, now)
    silent = silent_shards(farm.progress, farm.ages, silent_after)
    spent = None if price_per_hour is None else costs(farm.paid, farm.pages_done, price_per_hour)
    alike = failing_alike(farm.failures, farm.ended, max_failure_share)
    attention = [
        *warnings(farm.progress, farm.ages, silent_after),
        *alike.values(),
        *node_warnings(farm.nodes, now),
        *farm.unreadable,
    ]
    text = report(farm, outlook, spent, attention)
    pieces = farm.pieces
    return {
        "stage": farm.stage.value,
        "shards": [
            _counts(shard, farm)
            | _said(farm.progress.get(shard.shard))
            | _pace(outlook.shards[shard.shard])
            | {
                "seconds_since_update": farm.ages.get(shard.shard),
                "silent": shard.shard in silent,
                "stale": None if stale is None else dict(stale.get(shard.shard, {})),
                "quality": _quality(farm.text_quality.by_shard.get(shard.shard)),
                "history": [asdict(point) for point in farm.histories.get(shard.shard, History()).points],
            }
            for shard in farm.shards
        ],
        "waiting": farm.waiting,
        "pieces": None if pieces is None else _pieces(pieces, farm, outlook, stale),
        "no_shard": {name: value for name, value in _counts(farm.no_shard, farm).items() if name != "shard"},
        "recognised": asdict(farm.recognised),
        "outcomes": asdict(outcomes_of(farm)),
        "worst_documents": [_worst(marker) for marker in farm.text_quality.worst],
        "durations": _durations(farm),
        "failed_documents": list(map(_failed, farm.failed_documents)),
        "formula_failures": dict(sorted(farm.formula_failures.by_class.items())),
        "documents_without_formulas": list(map(_failed, farm.formula_failures.named)),
        "balance": asdict(farm.balance),
        "reconciliation": asdict(farm.reconciliation) | {"balances": farm.reconciliation.balances},
        "attention": attention,
        "failing_alike": alike,
        "skipped_by_reason": dict(farm.skipped),
        **_pace(outlook),
        "eta_seconds": outlook.seconds_left,
        "costs": asdict(spent) if spent else None,
        "waited": waited,
        "report": text if stale is None else f"{text}\n{describe_stale(stale)}",
    }


def _counts(shard: ShardStatus, farm: Farm) -> dict[str, Any]:
    return asdict(shard) | {"waiting": shard.waiting[farm.stage]}


def _pieces(
    pieces: Pieces, farm: Farm, outlook: FarmOutlook, stale: Mapping[int, Mapping[str, int]] | None
) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    for counts in (stale or {}).values():
        reasons.update(counts)
    of_all = {name: value for name, value in _counts(pieces.total, farm).items() if name != "shard"}
    return of_all | {
        "number": pieces.number,
        "finished": pieces.finished,
        "in_work": pieces.in_work(living(farm, outlook)),
        "stale": None if stale is None else dict(reasons),
    }


def _quality(quality: ShardQuality | None) -> dict[str, Any] | None:
    if quality is None or not quality.documents:
        return None
    return {
        "documents": quality.documents,
        "score": quality.score / quality.documents,
        "pages": quality.pages,
        "verdicts": quality.verdicts,
    }


def _failed(marker: Marker) -> dict[str, Any]:
    fields = {name: getattr(marker, name) for name in ("uri", "shard", "attempts", "message", "log")}
    return fields | {"class": marker.failure_class}


def _worst(marker: Marker) -> dict[str, Any]:
    """Return what a document's marker says of its text, and where that is."""
    key, quality = key_of(marker.uri), marker.quality or QualitySummary()

    def output(suffix: str) -> str | None:
        return next((each.uri for each in marker.outputs if each.uri.endswith(suffix)), None)

    return {
        "uri": marker.uri,
        "stage": marker.stage,
        "shard": marker.shard,
        **asdict(quality),
        "markdown": output(f"/markdown/{key}.md"),
        "quality": output(f"/quality/{key}.json"),
    }


def _durations(farm: Farm) -> list[dict[str, Any]]:
    """Return how many documents took how long, in all shards together."""
    counts = map(sum, zip(NO_DURATIONS, *(each.durations for each in farm.histories.values()), strict=True))
    return [
        {"seconds": bound, "documents": count} for bound, count in zip([*DURATION_BOUNDS, None], counts, strict=True)
    ]


def _pace(outlook: ShardOutlook | FarmOutlook) -> dict[str, Any]:
    # The rate has a name of version 1.0, too.
    return {
        "rate": outlook.rate,
        "pages_per_second": outlook.rate,
        "finish": outlook.finish.texts() if outlook.finish else None,
    }


def _said(progress: Progress | None) -> dict[str, Any]:
    if progress is None:
        return {
            "node": None,
            "state": "not started",
            "updated_at": None,
            "drained": {},
            "helping": [],
            "helped": 0,
            "pages_helped": 0,
            "machine": None,
        }
    return {
        "node": progress.node,
        "state": progress.state,
        "updated_at": progress.updated_at,
        "drained": progress.drained,
        "helping": list(progress.helping),
        "helped": progress.helped,
        "pages_helped": progress.pages_helped,
        "machine": asdict(progress.machine) if progress.machine else None,
    }
