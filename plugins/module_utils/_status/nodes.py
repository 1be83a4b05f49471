# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes say of themselves: costs, and that they have ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._formatting import SECONDS_PER_HOUR, counted, dollars, one_line
from .._records.codec import RecordError
from .._records.names import instance_of_node_record, node_records_folder
from .._records.node import ENDED, NodeRecord
from .._s3.objects import list_objects, read_bytes_if_exists
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The timer of one that runs says something every two minutes.
_QUIET_SECONDS = 900.0
_HOURS_A_DAY = 24


@dataclass(frozen=True)
class Nodes:
    """All instances that ever said anything.

    Attributes:
        records: what each said last.
        problems: a sentence for each record that cannot be read; what it says is not known.
    """

    records: tuple[NodeRecord, ...] = ()
    problems: tuple[str, ...] = ()


def read_nodes(client: S3Client, results: S3Uri) -> Nodes:
    """Return what every instance of the farm has said of itself. Takes one listing, and one read for each.

    Raises:
        S3Error: S3 could not be read.
    """
    records = []
    problems = []
    for item in list_objects(client, node_records_folder(results)):
        if instance_of_node_record(results, item.uri) is None:
            continue
        body = read_bytes_if_exists(client, item.uri)
        if body is None:
            continue
        try:
            records.append(NodeRecord.from_json(body, str(item.uri)))
        except RecordError as error:
            problems.append(f"{error} What that node costs is not known.")
    return Nodes(tuple(records), tuple(problems))


def node_warnings(records: Collection[NodeRecord], now: float) -> list[str]:
    """Return a sentence for each node that has ended itself, for each that is kept from it, and one on idle disks.

    Args:
        now: seconds since the epoch.
    """
    newest = {record.node: record for record in sorted(records, key=_seen_at)}
    ended = [
        f"{name} has ended itself ({record.cause}): {record.message}"
        for name, record in sorted(newest.items())
        if record.state == ENDED
    ]
    held = [
        f"{name} is held by somebody and does not end itself: it costs money until that is taken back"
        for name, record in sorted(newest.items())
        if record.is_held and record.state != ENDED
    ]
    # What nodes say of themselves is shown in terminals.
    return [one_line(sentence) for sentence in [*ended, *held, *_resting_disks(newest.values(), now)]]


def _resting_disks(newest: Collection[NodeRecord], now: float) -> list[str]:
    """Return a sentence on the disks of nodes that are probably stopped; none where there are none.

    S3 does not say whether somebody has terminated them. Spot instances cannot be stopped, and their disks are gone.
    """
    quiet = [
        record
        for record in newest
        if record.runs and record.storage_per_hour and not record.is_spot and now - _seen_at(record) > _QUIET_SECONDS
    ]
    if not quiet:
        return []
    per_day = sum(record.storage_per_hour for record in quiet) * _HOURS_A_DAY
    until_now = sum((now - _seen_at(record)) / SECONDS_PER_HOUR * record.storage_per_hour for record in quiet)
    nodes = counted(len(quiet), "node says", "nodes say")
    costs = f"{dollars(per_day)} a day, {dollars(until_now)} until now"
    where = "where they are stopped their disks go on costing"
    return [f"{nodes} nothing any more: {where} {costs}, which is spent once they say something again"]


def _seen_at(record: NodeRecord) -> float:
    return record.runs[-1].seen_at if record.runs else 0.0
