# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping before the farm costs more than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._errors import FarmError
from ..._formatting import dollars
from ..._s3.uri import S3Uri
from ..._status.costs import paid_time, price_of
from ..._status.efforts import read_efforts
from ..._status.nodes import read_nodes
from .polling import first_reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_INTERVAL_SECONDS = 60.0
# In a row. Money that nobody can count is not spent for longer than that.
MOST_FAILED_LOOKS = 10


def spent(client: S3Client, results: S3Uri, price_per_hour: float) -> float:
    """Return what all nodes together have cost so far in USD, see :func:`price_of`.

    Raises:
        FarmError: a shard does not say how long it worked, or a node what it costs, so that the sum would be too low.
        S3Error: S3 could not be read.
    """
    efforts, nodes = read_efforts(client, results), read_nodes(client, results)
    for problem in [*efforts.problems, *nodes.problems]:
        raise FarmError(problem)
    return price_of(paid_time(nodes.records, efforts), price_per_hour)


async def wait_for_overspending(
    client: S3Client,
    results: S3Uri,
    budget: float,
    price_per_hour: float,
    interval_seconds: float = _INTERVAL_SECONDS,
) -> str:
    """Return why this farm's supervisors should stop: it has cost its budget in USD, or nobody can tell any more."""
    failed_looks = 0

    def look() -> str | None:
        nonlocal failed_looks
        try:
            so_far = spent(client, results, price_per_hour)
        except FarmError as error:
            failed_looks += 1
            if failed_looks < MOST_FAILED_LOOKS:
                raise
            return (
                f"What was spent of the budget of {dollars(budget)} could not be read {failed_looks} times in a row, "
                f"the last time because: {error} Start the shards again once it can, or without farm_budget."
            )
        failed_looks = 0
        if so_far < budget:
            return None
        return (
            f"The budget of {dollars(budget)} is spent: {dollars(so_far)} by now. Raise it (farm_budget), "
            "and start the shards again."
        )

    return await first_reason(look, interval_seconds)
