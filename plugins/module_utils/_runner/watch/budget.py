# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping before the farm costs more than it may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..._formatting import dollars
from ..._records.markers import STATUS_FOLDER
from ..._records.progress import PROGRESS_FOLDER
from ..._s3.objects import list_objects
from ..._s3.uri import S3Uri
from ..._status.costs import costs
from ..._status.farm import read_histories, read_progress, starts
from .polling import first_reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_INTERVAL_SECONDS = 60.0
_PROGRESS = re.compile(r"shard-([1-9][0-9]*)\.json")


def spent(client: S3Client, results: S3Uri, price_per_hour: float) -> float:
    """Return what all shards' nodes together have cost so far in USD, see :func:`costs`.

    Takes one listing, and two reads for each shard that was ever started.

    Raises:
        FarmError: an object is not a progress file or not a history.
        S3Error: S3 could not be read.
    """
    folder = results.join(STATUS_FOLDER, PROGRESS_FOLDER, "")
    names = (_PROGRESS.fullmatch(item.uri.key.removeprefix(folder.key)) for item in list_objects(client, folder))
    progress = read_progress(client, results, [int(name[1]) for name in names if name])
    return costs(starts(progress, read_histories(client, results, progress)), progress, 0, price_per_hour).dollars


async def wait_for_overspending(
    client: S3Client,
    results: S3Uri,
    budget: float,
    price_per_hour: float,
    interval_seconds: float = _INTERVAL_SECONDS,
) -> str:
    """Return, once the farm has cost as much as its budget in USD, why its supervisors should stop."""

    def look() -> str | None:
        so_far = spent(client, results, price_per_hour)
        if so_far < budget:
            return None
        return (
            f"The budget of {dollars(budget)} is spent: {dollars(so_far)} by now. Raise it (farm_budget), "
            "and start the shards again."
        )

    return await first_reason(look, interval_seconds)
