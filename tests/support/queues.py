# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue in an emulated SQS."""

from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue, queue_client
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection


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
