# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What shard_info returns of a farm, for tests of the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import NO_DURATIONS, History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from tests.support.markers import make_marker
from tests.support.progress import make_farm, make_progress

_START = 1_764_000_000.0
_MACHINE = MachineSample(
    _START, (GpuSample(0, 97.0, 18432.0, 23552.0, 61.0), GpuSample(1, None, None, None, None)), 3_800 * 10**9, 10**12
)


def report_values(
    names: Sequence[str] = ("θέσεις/πρώτη.pdf",), message: str = "took longer than 900 s", shards: int = 2
) -> dict[str, Any]:
    """Return the values of a farm in the middle of its work.

    Args:
        names: keys of the documents that failed, all of the first shard.
        message: of their failure.
        shards: how many; the last one was not started.
    """
    documents = 100 + len(names)
    cut = [
        ShardStatus(1, documents, 5000, 80, 4000, len(names), 100, 20, {"timeout": len(names)}),
        *(ShardStatus(number, 100, 4000, 0, 0, 0, 0, 100, {}) for number in range(2, shards + 1)),
    ]
    points = tuple(Point(_START + 60.0 * number, 40 * number, (50.0 + number % 50, None)) for number in range(100))
    farm = make_farm(
        cut,
        progress={
            number: make_progress(
                shard=number,
                node=f"OpenArchive-Shard-{number}",
                started_at=_START,
                updated_at=_START + 6000,
                machine=_MACHINE,
                drained={"1": "NVRM Xid 79"},
            )
            for number in range(1, shards)
        },
        effort=Effort(6000.0, 4000),
        ages=dict.fromkeys(range(1, shards), 4.0),
        histories={1: History(points, (3, 0, 40, *NO_DURATIONS[3:-1], 1))},
        failed_documents=tuple(
            make_marker(
                uri=f"s3://raw/{name}",
                failure_class="timeout",
                message=message,
                log=f"s3://results/status/_logs/{name}.2.log",
            )
            for name in names
        ),
        skipped={"encrypted": 3},
    )
    return values_of(farm, waited="", price_per_hour=5.672, silent_after=60, stale=None)
