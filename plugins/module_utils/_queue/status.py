# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a queue of pieces has, and what it has set aside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._formatting import counted
from .._records.names import SUMMARY_NAME
from .._records.stage import Stage
from .._records.summary import Summary
from .._s3.objects import read_bytes_if_exists
from .._s3.uri import S3Uri
from .dead_letters import read_dead_letters
from .sqs import Queue
from .waiting import waiting_pieces

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def queue_status(client: S3Client, queue: Queue, manifests: S3Uri, results: S3Uri, stage: Stage) -> dict[str, Any]:
    """Return the result of the module ``piece_queue_info``.

    Args:
        client: see :func:`waiting_pieces`.
        queue: of the stage.
        manifests: prefix of the stage's cut.
        results: prefix of the markers.
        stage: whose cut it is.

    Raises:
        AwsError: the queue could not be asked.
        FarmError: a manifest is missing or malformed.
        S3Error: S3 could not be read.
    """
    depth = queue.depth()
    dead = read_dead_letters(queue)
    pieces = sorted(_unfinished(client, manifests, results, stage, dead.pieces)) if dead.pieces else []
    name = queue.url.rpartition("/")[2]
    waiting = counted(depth.visible + depth.delayed, "piece waits", "pieces wait")
    lines = [f"{name}: {waiting}, {depth.in_flight} in work."]
    if dead.messages:
        lines.append(_dead_line(name, dead.messages, pieces))
    return {
        "changed": False,
        "visible": depth.visible + depth.delayed,
        "in_flight": depth.in_flight,
        "dead": dead.messages,
        "dead_pieces": pieces,
        "lines": lines,
    }


def _unfinished(
    client: S3Client, manifests: S3Uri, results: S3Uri, stage: Stage, pieces: Collection[int]
) -> Collection[int]:
    where = manifests.join(SUMMARY_NAME)
    body = read_bytes_if_exists(client, where)
    if body is None:
        return set()
    summary = Summary.from_json(body, str(where))
    named = replace(summary, shards=tuple(each for each in summary.shards if each.shard in pieces))
    return waiting_pieces(client, manifests, results, named, stage)


def _dead_line(name: str, messages: int, pieces: Collection[int]) -> str:
    told = f"{name}-dead: {counted(messages, 'message', 'messages')} that nobody could end"
    if not pieces:
        return f"{told}; what they are of is finished, or was cut anew."
    return (
        f"{told}, of unfinished pieces {', '.join(map(str, pieces))}: mend what stopped their nodes, then run "
        'playbooks/enqueue.yml -e enqueue_again=true (docs/operations.md, "A piece that nobody could end").'
    )
