# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node says of itself in S3, and what it reads there of the others."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.metadata import Instance
from .._errors import FarmError
from .._formatting import SECONDS_PER_HOUR
from .._records.names import node_record_uri
from .._records.node import ENDED, RUNNING, NodeRecord, NodeRun
from .._records.progress import Progress
from .._runner.config import RunConfig
from .._runner.layout import Layout
from .._runner.watch.budget import spent
from .._s3.connection import Connection
from .._s3.objects import put_bytes, read_bytes_if_exists
from .._s3.uri import S3Uri
from .decision import Ending
from .settings import Settings

_LOG = logging.getLogger(__name__)
# Two of one run differ by less.
_SAME_SECONDS = 60.0
# The timer comes again soon.
_ATTEMPTS = 2


class Told:
    """This node's record in S3.

    Args:
        settings: the node's.
        instance: which one it is.
        connection: to AWS.
        started_at: since when the instance is billed without a break, seconds since the epoch.
    """

    def __init__(self, settings: Settings, instance: Instance, connection: Connection, started_at: float) -> None:
        self._settings = settings
        self._instance = instance
        self._connection = connection
        self._started_at = started_at
        self._results = S3Uri.parse(settings.results)
        self._uri = node_record_uri(self._results, instance.id)
        self._client = connection.client()

    def tell(self, now: float, ending: Ending | None, *, is_held: bool) -> NodeRecord:
        """Say what the node has cost until now, and that it ends where it does.

        Raises:
            FarmError: what it said before cannot be read, which is left as it is; or S3 cannot be reached.
        """
        body = read_bytes_if_exists(self._client, self._uri)
        before = NodeRecord() if body is None else NodeRecord.from_json(body, str(self._uri))
        settings, instance = self._settings, self._instance
        price = settings.price_per_hour
        if instance.is_spot:
            price = self._spot_price() or before.price_per_hour or price
        record = replace(
            before,
            node=settings.node,
            instance_id=instance.id,
            instance_type=instance.type,
            is_spot=instance.is_spot,
            state=ENDED if ending else RUNNING,
            cause=ending.cause if ending else "",
            message=ending.message if ending else "",
            is_held=is_held,
            price_per_hour=price,
            storage_per_hour=settings.storage_per_hour,
            runs=add_time(before.runs, self._started_at, now, price),
        )
        put_bytes(self._client, self._uri, record.to_json(), "application/json")
        return record

    def spent(self) -> float:
        """Return what all nodes have cost, in USD.

        Raises:
            FarmError: one does not say, or S3 cannot be reached.
        """
        return spent(self._client, self._results, self._settings.price_per_hour)

    def _spot_price(self) -> float | None:
        """Return what an hour of this spot instance costs now, in USD; ``None`` where EC2 does not say."""
        try:
            with aws_errors("ask EC2 for the spot price"):
                ec2 = service_client(self._connection, "ec2", attempts=_ATTEMPTS)
                return spot_price(ec2, self._instance)
        except AwsError as error:
            _LOG.warning("%s The last price that is known is taken.", error)
            return None


def spot_price(ec2: Any, instance: Instance) -> float | None:
    """Return what an hour of such a spot instance costs now, in USD; ``None`` where EC2 has no price."""
    history = ec2.describe_spot_price_history(
        InstanceTypes=[instance.type],
        AvailabilityZone=instance.zone,
        ProductDescriptions=["Linux/UNIX"],
        StartTime=datetime.now(UTC),
        MaxResults=1,
    )["SpotPriceHistory"]
    return float(history[0]["SpotPrice"]) if history else None


def add_time(runs: tuple[NodeRun, ...], started_at: float, now: float, price_per_hour: float) -> tuple[NodeRun, ...]:
    """Return the runs with the time until now, at its price; a new one where the instance was started since.

    A clock that was set back adds nothing.
    """
    *earlier, last = runs or (NodeRun(started_at, started_at),)
    if abs(last.started_at - started_at) > _SAME_SECONDS:
        # That time is counted already: a reboot is no stop, and what follows one may be called a run of its own.
        start = max(started_at, last.seen_at)
        earlier, last = [*earlier, last], NodeRun(start, start)
    seconds = max(0.0, now - last.seen_at)
    grown = NodeRun(last.started_at, last.seen_at + seconds, last.usd + seconds / SECONDS_PER_HOUR * price_per_hour)
    return (*earlier, grown)


def is_finished(workdir: Path, last_stage: str) -> bool:
    """Return whether the supervisors on this machine have finished their shards at the last stage; none have not."""
    numbers = [
        int(found[1])
        for path in (workdir / "state").glob("shard_*.json")
        if (found := re.fullmatch(r"shard_([1-9][0-9]*)\.json", path.name))
    ]
    try:
        return bool(numbers) and all(_has_finished(Layout(workdir, number), last_stage) for number in numbers)
    except (FarmError, OSError) as error:
        _LOG.warning("%s", error)
        return False


def _has_finished(layout: Layout, last_stage: str) -> bool:
    progress = Progress.from_json(layout.progress.read_bytes(), str(layout.progress))
    return progress.state == "finished" and RunConfig.load(layout.config).stage == last_stage
