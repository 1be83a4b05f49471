# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One queue of Amazon SQS, and the one beside it for messages that nobody could end."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._errors import FarmError
from .._s3.connection import MAX_ATTEMPTS, Connection
from .._s3.objects import retry_pause

# SQS takes and gives so many at once.
_BATCH = 10
# Of a look into the queue of what nobody could end: it must not be seen twice in the same look.
_PEEK_SECONDS = 30
_REGION = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?")
_TIMES = "ApproximateReceiveCount"
_GONE = frozenset({"QueueDoesNotExist", "NonExistentQueue"})
_NOT_IN_FLIGHT = frozenset({"MessageNotInflight", "ReceiptHandleIsInvalid"})


class TooManyInFlight(AwsError):  # noqa: N818 - named for what happened
    """So many messages of the queue are being worked on that it gives out no more (120,000)."""


class QueueGone(AwsError):  # noqa: N818 - named for what happened
    """There is no such queue."""


class NotInFlight(AwsError):  # noqa: N818 - named for what happened
    """The message is not this receiver's any more: it is deleted, or its time was over."""


class HeldLongest(AwsError):  # noqa: N818 - named for what happened
    """A message cannot be kept from others for longer than 12 hours."""


@dataclass(frozen=True)
class Received:
    """A message that nobody else gets for a while.

    Attributes:
        id: the message's, the same whenever it is received.
        receipt: what it is extended, released and deleted by.
        body: what it says.
        times: how often it was received, this time included, as SQS counts it: about.
    """

    id: str
    receipt: str
    body: str
    times: int = 1


@dataclass(frozen=True)
class Depth:
    """Messages, as SQS counts them: about, and up to a minute late.

    Attributes:
        visible: that wait.
        in_flight: that somebody has received and not ended.
        delayed: that begin to wait later.
    """

    visible: int = 0
    in_flight: int = 0
    delayed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not (self.visible or self.in_flight or self.delayed)


def queue_client(connection: Connection, url: str) -> Any:
    """Return a client of the SQS that has the queue: its URL tells the endpoint, which is another than S3's.

    Raises:
        FarmError: it is no URL of a queue.
        botocore.exceptions.BotoCoreError: there is no such profile.
    """
    parts = urlsplit(url)
    require_queue_url(url)
    region = _REGION.fullmatch(parts.hostname or "")
    found = (region[1] or region[2]) if region else connection.region
    return service_client(
        replace(connection, endpoint_url=f"{parts.scheme}://{parts.netloc}", region=found),
        "sqs",
    )


def find_queue(connection: Connection, name_or_url: str) -> Queue:
    """Return the queue with this URL, or with this name in the region.

    Raises:
        QueueGone: there is no queue of that name.
        AwsError: it could not be looked for, as where there is no such profile, or no region is known.
    """
    with aws_errors(f"reach the queue {name_or_url}"):
        if "/" in name_or_url:
            return Queue(queue_client(connection, name_or_url), name_or_url)
        client = service_client(connection, "sqs")
        with _queue_errors("look for", name_or_url):
            url = client.get_queue_url(QueueName=name_or_url)["QueueUrl"]
    return Queue(client, url)


def require_queue_url(url: str) -> None:
    """Check that a URL can be that of a queue.

    Raises:
        FarmError: it cannot.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.path.strip("/"):
        raise FarmError(
            f"{url!r} is no URL of a queue: write it as SQS tells it, "
            "https://sqs.us-east-1.amazonaws.com/123456789012/glossapi-farm-text."
        )


class Queue:
    """A queue; thread-safe, as its client is.

    Args:
        client: see :func:`queue_client`.
        url: of the queue.
        sleep: pauses for so many seconds.
    """

    def __init__(self, client: Any, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self.url = url

    def send(self, bodies: Sequence[str]) -> None:
        """Put these messages in.

        botocore retries a request but not the messages of one that SQS could not take; this does.

        Raises:
            AwsError: some could not be put in; it is not told which.
        """
        for start in range(0, len(bodies), _BATCH):
            batch = bodies[start : start + _BATCH]
            left = {str(number): body for number, body in enumerate(batch)}
            for attempt in range(1, MAX_ATTEMPTS + 1):
                failed = self._send(left)
                left = {each["Id"]: left[each["Id"]] for each in failed}
                if not left:
                    break
                if attempt == MAX_ATTEMPTS or any(each.get("SenderFault") for each in failed):
                    raise AwsError(
                        f"Cannot send messages to the queue {self.url}: "
                        f"{failed[0].get('Message') or 'no reason is told'} ({failed[0]['Code']}).",
                        failed[0]["Code"],
                    )
                self._sleep(retry_pause(attempt))

    def receive(self, wait_seconds: int, visibility_seconds: int) -> Received | None:
        """Return a message, which nobody else gets for so long; ``None`` where none waits.

        Args:
            wait_seconds: for one to come, 0 to 20. Above 0 it is sure that none waited.
            visibility_seconds: how long it is this receiver's.

        Raises:
            TooManyInFlight: there may be some.
            AwsError: the queue could not be asked.
        """
        found = self._receive(wait_seconds, visibility_seconds, 1)
        return found[0] if found else None

    def has_waiting(self) -> bool:
        """Whether a message waits for certain, which is then received once more; :meth:`depth` counts them late.

        Raises:
            AwsError: the queue could not be asked.
        """
        return self.receive(1, 0) is not None

    def peek(self, most: int) -> list[Received]:
        """Return messages, up to so many, which come again in half a minute.

        Raises:
            AwsError: the queue could not be asked.
        """
        seen: dict[str, Received] = {}
        while len(seen) < most:
            found = self._receive(1, _PEEK_SECONDS, _BATCH)
            new = {each.id: each for each in found if each.id not in seen}
            if not new:
                break
            seen |= new
        return list(seen.values())[:most]

    def extend(self, receipt: str, seconds: int) -> None:
        """Have the message kept from others for so many seconds from now on; 0 gives it back.

        Raises:
            HeldLongest: it was for 12 hours.
            NotInFlight: it is not this receiver's any more.
            AwsError: the queue could not be asked.
        """
        with self._errors("keep a message of"):
            self._client.change_message_visibility(QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=seconds)

    def delete(self, receipt: str) -> None:
        """Delete the message.

        Raises:
            NotInFlight: it is not this receiver's any more.
            AwsError: the queue could not be asked.
        """
        with self._errors("delete a message of"):
            self._client.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)

    def depth(self) -> Depth:
        """Return how many messages there are.

        Raises:
            AwsError: the queue could not be asked.
        """
        names = (
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        )
        found = self._attributes(names)
        return Depth(*(int(found.get(name, 0)) for name in names))

    def dead_letters(self) -> Queue | None:
        """Return the queue of messages that nobody could end; ``None`` where this one has none.

        Raises:
            AwsError: the queue could not be asked.
        """
        policy = self._attributes(("RedrivePolicy",)).get("RedrivePolicy")
        if not policy:
            return None
        name = json.loads(policy)["deadLetterTargetArn"].rpartition(":")[2]
        return Queue(self._client, f"{self.url.rpartition('/')[0]}/{name}")

    def _send(self, bodies: Mapping[str, str]) -> list[dict[str, Any]]:
        """Send what one request takes, and return what SQS says of those that it did not take."""
        entries = [{"Id": number, "MessageBody": body} for number, body in bodies.items()]
        with self._errors("send messages to"):
            answer = self._client.send_message_batch(QueueUrl=self.url, Entries=entries)
        return list(answer.get("Failed", []))

    def _receive(self, wait_seconds: int, visibility_seconds: int, most: int) -> list[Received]:
        with self._errors("receive from"):
            answer = self._client.receive_message(
                QueueUrl=self.url,
                AttributeNames=[_TIMES],
                MaxNumberOfMessages=most,
                WaitTimeSeconds=wait_seconds,
                VisibilityTimeout=visibility_seconds,
            )
        return [
            Received(
                each["MessageId"], each["ReceiptHandle"], each["Body"], int(each.get("Attributes", {}).get(_TIMES, 1))
            )
            for each in answer.get("Messages", [])
        ]

    def _attributes(self, names: Sequence[str]) -> dict[str, str]:
        with self._errors("look at"):
            answer = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=list(names))
        return dict(answer.get("Attributes", {}))

    def _errors(self, action: str) -> AbstractContextManager[None]:
        return _queue_errors(action, self.url)


@contextmanager
def _queue_errors(action: str, queue: str) -> Iterator[None]:
    """Tell apart what SQS refuses with a meaning; the codes have a prefix by the older of its protocols."""
    try:
        with aws_errors(f"{action} the queue {queue}"):
            yield
    except AwsError as error:
        code = error.code.rpartition(".")[2]
        if code in _GONE:
            raise QueueGone(
                f"There is no queue {queue}: playbooks/provision.yml makes it, and playbooks/enqueue.yml fills it with "
                "what is not finished.",
                error.code,
            ) from error
        if code == "OverLimit":
            raise TooManyInFlight(str(error), error.code) from error
        if code in _NOT_IN_FLIGHT:
            raise NotInFlight(str(error), error.code) from error
        # The code is that of any wrong value.
        if code == "InvalidParameterValue" and "VisibilityTimeout" in str(error):
            raise HeldLongest(str(error), error.code) from error
        raise
