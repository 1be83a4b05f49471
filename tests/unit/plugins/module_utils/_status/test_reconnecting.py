# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import (
    AccessError,
    CredentialsError,
    MissingError,
    S3Error,
    describe,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconnecting import Reconnecting
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

_ANYWHERE = Connection(endpoint_url="http://127.0.0.1:9")


class Waiting:
    """An S3 that answers as it is told, by a clock that sleeping alone moves."""

    def __init__(self, *answers: S3Error | str, connection: Connection = _ANYWHERE, timeout_seconds: float = 1e6):
        self.now = 0.0
        self.told: list[str] = []
        self.clients: list[S3Client] = []
        self.answers = list(answers)
        self.s3 = Reconnecting(
            connection, 1, timeout_seconds, self.told.append, clock=lambda: self.now, sleep=self.sleep
        )

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ask(self, client: S3Client) -> str:
        self.clients.append(client)
        answer = self.answers.pop(0)
        if isinstance(answer, S3Error):
            raise answer
        return answer


def failed(code: str) -> S3Error:
    return describe(code, "no", "list s3://r/status")


@pytest.mark.parametrize("code", ["EndpointConnectionError", "ConnectTimeoutError", "503", "InternalError", "SSLError"])
def test_s3_that_is_out_of_reach_for_a_day_is_waited_for_and_that_is_told_once(code: str) -> None:
    waiting = Waiting("first", *[failed(code)] * 1440, "again")
    assert [waiting.s3.run(waiting.ask), waiting.s3.run(waiting.ask)] == ["first", "again"]
    assert waiting.now == pytest.approx(86_400, rel=0.01)
    begun, ended = waiting.told
    assert begun == f"{failed(code)} The nodes work on without it; waiting until S3 answers again."
    assert ended == "S3 answers again after 23 h 57 min."
    assert waiting.s3.outages == 1


def test_the_time_that_the_work_itself_takes_is_no_outage() -> None:
    waiting = Waiting("first", failed("503"), "again")

    def work(client: S3Client) -> str:
        waiting.now += 600
        return waiting.ask(client)

    waiting.s3.run(waiting.ask)
    assert waiting.s3.run(work) == "again"
    assert waiting.told[1] == "S3 answers again after 5 s."


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDenied", AccessError), ("NoSuchBucket", MissingError), ("InvalidAccessKeyId", S3Error)]
)
def test_a_refusal_ends_the_wait_at_once(code: str, kind: type[S3Error]) -> None:
    waiting = Waiting("first", failed(code))
    waiting.s3.run(waiting.ask)
    with pytest.raises(kind, match=code):
        waiting.s3.run(waiting.ask)
    assert (waiting.now, waiting.told) == (0, [])


def test_an_s3_that_has_never_answered_is_not_waited_for() -> None:
    waiting = Waiting(failed("EndpointConnectionError"))
    with pytest.raises(S3Error, match="check endpoint_url"):
        waiting.s3.run(waiting.ask)
    assert waiting.now == 0


@pytest.mark.parametrize("timeout_seconds", [0, 60])
def test_waiting_ends_with_the_time_that_there_is_for_all_of_it(timeout_seconds: float) -> None:
    waiting = Waiting("first", *[failed("SlowDown")] * 100, timeout_seconds=timeout_seconds)
    waiting.s3.run(waiting.ask)
    with pytest.raises(S3Error, match="SlowDown"):
        waiting.s3.run(waiting.ask)
    assert waiting.now <= timeout_seconds


def test_credentials_that_have_expired_are_waited_for_where_they_may_be_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    stored = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(stored))
    stored.write_text("[default]\naws_access_key_id = old\naws_secret_access_key = hidden\n")
    waiting = Waiting("first", failed("ExpiredToken"), "again")
    waiting.s3.run(waiting.ask)
    stored.write_text("[default]\naws_access_key_id = new\naws_secret_access_key = hidden\n")
    assert waiting.s3.run(waiting.ask) == "again"
    keys = [client._request_signer._credentials.access_key for client in waiting.clients]  # type: ignore[attr-defined]
    assert keys == ["old", "old", "new"]


@pytest.mark.parametrize("given", ["option", "environment"])
def test_credentials_that_nobody_can_renew_end_the_wait(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    connection = _ANYWHERE
    if given == "option":
        connection = Connection(endpoint_url="http://127.0.0.1:9", access_key="id", secret_key="hidden")
    else:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    waiting = Waiting("first", failed("ExpiredToken"), connection=connection)
    waiting.s3.run(waiting.ask)
    with pytest.raises(CredentialsError, match="renew them"):
        waiting.s3.run(waiting.ask)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.SLOW_DOWN])
def test_a_server_that_goes_away_and_comes_back_is_read_from_again(
    s3_server: S3Server, client: S3Client, bucket: S3Uri, fault: Fault
) -> None:
    put_bytes(client, bucket.join("a"), b"here", "text/plain")
    told: list[str] = []
    with FaultProxy(s3_server.endpoint_url) as proxy, patch("time.sleep"):

        def come_back(_seconds: float) -> None:
            proxy.rules = []

        s3 = Reconnecting(Connection(endpoint_url=proxy.endpoint_url), 1, 3600, told.append, sleep=come_back)
        read: Callable[[S3Client], bytes] = lambda client: read_bytes(client, bucket.join("a"))  # noqa: E731
        assert s3.run(read) == b"here"
        proxy.rules = [Rule(fault)]
        assert s3.run(read) == b"here"
    assert len(told) == 2
    assert str(bucket) in told[0]


def test_a_closed_port_is_out_of_reach_too(bucket: S3Uri) -> None:
    with patch("time.sleep"), pytest.raises(S3Error) as found:
        read_bytes(_ANYWHERE.client(), bucket.join("a"))
    assert found.value.is_transient
