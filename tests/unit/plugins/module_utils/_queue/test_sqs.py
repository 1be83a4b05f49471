# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import (
    Depth,
    HeldLongest,
    NotInFlight,
    Queue,
    QueueGone,
    TooManyInFlight,
    queue_client,
    require_queue_url,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import MAX_ATTEMPTS, Connection
from tests.support.emulated_account import Account
from tests.support.queues import make_queue


@pytest.fixture
def queue(empty_account: Account) -> Queue:
    return make_queue(empty_account.connection)


def test_a_message_is_somebodys_alone_until_it_is_given_back_and_gone_once_it_is_deleted(queue: Queue) -> None:
    queue.send(["a piece"])
    first = queue.receive(0, 300)
    assert first is not None
    assert first.body == "a piece"
    assert queue.receive(0, 300) is None
    assert queue.depth() == Depth(in_flight=1)
    queue.extend(first.receipt, 300)
    queue.extend(first.receipt, 0)
    second = queue.receive(0, 300)
    assert second is not None
    assert second.id == first.id
    queue.delete(second.receipt)
    assert queue.depth().is_empty
    assert queue.receive(0, 300) is None


def test_more_are_sent_than_one_request_takes(queue: Queue) -> None:
    queue.send([str(number) for number in range(23)])
    assert queue.depth() == Depth(visible=23)
    queue.send([])
    assert queue.depth() == Depth(visible=23)


def test_what_nobody_could_end_is_told_and_stays(empty_account: Account) -> None:
    queue = make_queue(empty_account.connection, most_receives=1)
    queue.send([f"piece {number}" for number in range(12)])
    for _ in range(12):
        found = queue.receive(0, 300)
        assert found is not None
        queue.extend(found.receipt, 0)
    assert queue.receive(0, 300) is None
    dead = queue.dead_letters()
    assert dead is not None
    assert dead.url.endswith("/farm-text-dead")
    assert {each.body for each in dead.peek(100)} == {f"piece {number}" for number in range(12)}
    assert dead.depth().in_flight == 12
    assert dead.dead_letters() is None


def test_a_look_for_what_waits_takes_nothing(queue: Queue) -> None:
    assert not queue.has_waiting()
    queue.send(["a piece"])
    assert queue.has_waiting()
    assert queue.receive(0, 300) is not None


def test_no_more_is_looked_at_than_is_asked_for(queue: Queue) -> None:
    queue.send([str(number) for number in range(12)])
    assert len(queue.peek(3)) == 3


def test_a_queue_that_is_not_there_is_told_with_the_way_to_make_it(empty_account: Account) -> None:
    queue = make_queue(empty_account.connection)
    empty_account.client("sqs").delete_queue(QueueUrl=queue.url)
    with pytest.raises(QueueGone, match=r"There is no queue http.*farm-text: playbooks/provision\.yml"):
        queue.depth()


class Refusing:
    """SQS that answers each request with an error."""

    def __init__(self, code: str, message: str) -> None:
        self._error = ClientError({"Error": {"Code": code, "Message": message}}, "a request")

    def __getattr__(self, _name: str) -> Any:
        return self._refuse

    def _refuse(self, **_options: object) -> NoReturn:
        raise self._error


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("OverLimit", "Too many messages in flight", TooManyInFlight),
        ("AWS.SimpleQueueService.MessageNotInflight", "", NotInFlight),
        ("ReceiptHandleIsInvalid", "", NotInFlight),
        ("AWS.SimpleQueueService.NonExistentQueue", "", QueueGone),
        (
            "InvalidParameterValue",
            "Value 300 for parameter VisibilityTimeout is invalid. Reason: beyond the limit [43200 seconds]",
            HeldLongest,
        ),
        ("InvalidParameterValue", "Value 99 for parameter MaxNumberOfMessages is invalid.", AwsError),
        ("AccessDenied", "", AwsError),
    ],
)
def test_what_sqs_refuses_is_told_apart(code: str, message: str, kind: type[AwsError]) -> None:
    queue = Queue(Refusing(code, message), "https://sqs.eu-central-1.amazonaws.com/1/farm")
    requests: tuple[Callable[[], object], ...] = (
        lambda: queue.receive(0, 300),
        lambda: queue.extend("receipt", 300),
        lambda: queue.delete("it"),
    )
    for request in requests:
        with pytest.raises(kind) as told:
            request()
        assert type(told.value) is kind
        assert told.value.code == code


class Half:
    """An SQS that takes all messages but ``b``, and that only at the request after so many."""

    def __init__(self, refusals: int, *, is_senders_fault: bool = False) -> None:
        self._refusals = refusals
        self._is_senders_fault = is_senders_fault
        self.asked: list[list[str]] = []

    def send_message_batch(self, **options: Any) -> dict[str, Any]:
        self.asked.append([each["MessageBody"] for each in options["Entries"]])
        if len(self.asked) > self._refusals:
            return {"Successful": []}
        failed = {"Code": "InternalError", "SenderFault": self._is_senders_fault}
        return {"Failed": [failed | {"Id": each["Id"]} for each in options["Entries"] if each["MessageBody"] == "b"]}


def test_a_message_that_sqs_could_not_take_among_others_is_sent_again_alone() -> None:
    half = Half(refusals=2)
    pauses: list[float] = []
    Queue(half, "https://sqs.eu-central-1.amazonaws.com/1/farm", pauses.append).send(["a", "b", "c"])
    assert half.asked == [["a", "b", "c"], ["b"], ["b"]]
    assert len(pauses) == 2


@pytest.mark.parametrize(("is_senders_fault", "requests"), [(False, MAX_ATTEMPTS), (True, 1)])
def test_a_message_that_sqs_refuses_among_others_is_an_error(is_senders_fault: bool, requests: int) -> None:
    half = Half(refusals=99, is_senders_fault=is_senders_fault)
    with pytest.raises(AwsError, match=r"Cannot send messages .* no reason is told \(InternalError\)"):
        Queue(half, "https://sqs.eu-central-1.amazonaws.com/1/farm", lambda _seconds: None).send(["a", "b"])
    assert len(half.asked) == requests


def test_how_often_a_message_was_received_is_told(queue: Queue) -> None:
    queue.send(["a piece"])
    for times in (1, 2, 3):
        received = queue.receive(0, 300)
        assert received is not None
        assert received.times == times
        queue.extend(received.receipt, 0)


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-central-1.amazonaws.com/123456789012/farm-text", "eu-central-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/farm-text", "cn-north-1"),
        ("https://eu-west-1.queue.amazonaws.com/123456789012/farm-text", "eu-west-1"),
        ("http://127.0.0.1:5000/123456789012/farm-text", "us-west-2"),
    ],
)
def test_a_queues_url_tells_where_its_service_is_whatever_the_endpoint_of_s3(url: str, region: str) -> None:
    connection = Connection(region="us-west-2", endpoint_url="http://127.0.0.1:1", access_key="a", secret_key="b")
    client = queue_client(connection, url)
    assert client.meta.endpoint_url == url.partition("/123456789012")[0]
    assert client.meta.region_name == region


@pytest.mark.parametrize("url", ["farm-text", "ftp://host/1/farm", "https:///1/farm", "https://sqs.amazonaws.com/", ""])
def test_something_else_is_no_url_of_a_queue(url: str) -> None:
    with pytest.raises(FarmError, match="is no URL of a queue"):
        require_queue_url(url)
