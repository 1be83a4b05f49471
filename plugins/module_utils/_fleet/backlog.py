# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much work waits in the queues of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._aws.errors import AwsError, aws_errors
from .._errors import NotYetError

_MISSING = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


@dataclass(frozen=True)
class Backlog:
    """A queue's pieces, about, as SQS counts them.

    Attributes:
        waiting: those that a node may take, now or soon.
        in_work: those that a node has.
    """

    queue: str
    waiting: int
    in_work: int


def read_backlog(sqs: Any, queues: Sequence[str]) -> list[Backlog]:
    """Return what each queue has.

    Raises:
        AwsError: a queue cannot be read.
        NotYetError: there is no such queue.
    """
    return [_read(sqs, queue) for queue in queues]


def _read(sqs: Any, queue: str) -> Backlog:
    try:
        with aws_errors(f"read the queue {queue}"):
            url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    except AwsError as error:
        if error.code in _MISSING:
            raise NotYetError(
                f"There is no queue {queue}: run playbooks/provision.yml --tags work_queue first."
            ) from error
        raise
    visible, in_flight, delayed = (int(found.get(name, 0)) for name in _COUNTS)
    return Backlog(queue, visible + delayed, in_flight)
