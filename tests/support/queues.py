# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue of pieces in an emulated SQS, a cut in a local S3 whose pieces are in it, and who works on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue, queue_client
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import manifest_etag, to_csv
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    manifest_uri,
    marker_uri,
    piece_in_work_uri,
    piece_lease_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.queued_work import THREADS, Pace, QueuedWork
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.schedule import Schedule
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import select
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Ending,
    Hooks,
    Supervisor,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.taking import PieceTaker
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Of a test that waits for nobody.
QUICK = Pace(poll_seconds=1, idle_seconds=0.5)


def make_queue(connection: Connection, name: str = "farm-text", most_receives: int = 20) -> Queue:
    """Return a new queue, with another one beside it for what was received more often than ``most_receives``.

    Args:
        connection: how to reach SQS.
        name: of the queue.
        most_receives: of a message.
    """
    client = queue_client(connection, f"{connection.endpoint_url}/123456789012/{name}")
    dead = client.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": most_receives})
    url = client.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
    return Queue(client, url)


def cut_pieces(shard: TestShard, pieces: Mapping[int, Mapping[str, int]]) -> None:
    """Upload the documents of each piece, and write the manifests, as :meth:`TestShard.cut` does."""
    for piece, pages in pieces.items():
        replace(shard, config=replace(shard.config, shard=piece)).cut(pages)


def message_of(shard: TestShard, piece: int, generation: int = 1) -> PieceMessage:
    """Return the message of a piece of the present cut."""
    etag = manifest_etag(shard.client, S3Uri.parse(shard.config.manifests), piece)
    return PieceMessage(shard.config.stage, piece, etag, generation)


def send(queue: Queue, shard: TestShard, *pieces: int, generation: int = 1) -> None:
    """Put pieces of the present cut into a queue."""
    queue.send([message_of(shard, piece, generation).to_json() for piece in pieces])


def in_work_of(shard: TestShard, piece: int) -> InWork:
    """Return what is said to be in work of a piece."""
    uri = piece_in_work_uri(shard.config.results_uri, piece, shard.config.stage)
    return InWork.from_json(read_bytes(shard.client, uri), str(uri))


def owner_of(shard: TestShard, piece: int) -> Owner:
    """Return whose a piece is."""
    uri = piece_lease_uri(shard.config.results_uri, piece, shard.config.stage)
    return Owner.from_json(read_bytes(shard.client, uri), str(uri))


def cut_farm(client: S3Client, bucket: S3Uri, pieces: Mapping[int, Sequence[str]]) -> None:
    """Write a cut's summary and manifests, as if the documents with these keys were in a bucket of their own."""
    shards = bucket.join("shards")
    for piece, keys in pieces.items():
        documents = [Document(f"s3://raw/{key}", 1, 1) for key in keys]
        put_bytes(client, manifest_uri(shards, piece), to_csv(documents), "text/csv")
    summary = Summary(tuple(ShardSummary(piece, documents=len(keys)) for piece, keys in pieces.items()))
    put_bytes(client, shards.join(SUMMARY_NAME), summary.to_json([]), "application/json")


def mark_as(client: S3Client, bucket: S3Uri, key: str, state: DocumentState) -> None:
    """Leave a marker of a document; it says nothing more."""
    put_bytes(client, marker_uri(bucket.join("results"), key, state), b"{}", "application/json")


def supervise(
    shard: TestShard, queue: Queue, hooks: Hooks | None = None, pace: Pace = QUICK, node: str = "node-1"
) -> Ending:
    """Have the shard's supervisor work off the queue, in this process.

    Args:
        shard: has its number and its settings.
        queue: has the pieces.
        hooks: what else the supervisor has.
        pace: of asking the queue.
        node: its name.
    """
    config = shard.config
    layout = Layout.of(config)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config) + THREADS)
    taker = PieceTaker(client, config, Owner(node, node), queue, partial(select, client, client, config))

    def source(schedule: Schedule, account: Account, backoff: Backoff) -> QueuedWork:
        return QueuedWork(config, taker, schedule, account, backoff, ThreadPoolExecutor(THREADS), pace)

    hooks = replace(hooks or Hooks(), source=source)
    return asyncio.run(Supervisor(config, client, client, [], Account(config, [], {}), hooks).run())
