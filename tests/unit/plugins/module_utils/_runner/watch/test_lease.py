# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import lease as lease_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import (
    Lease,
    ShardTaken,
    is_held,
    owner_token,
    seconds_since_boot,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes, read_version
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

FIRST, SECOND = Owner("token-1", "node-1"), Owner("token-2", "node-2")


@pytest.fixture
def uri(bucket: S3Uri) -> S3Uri:
    return bucket.join("shard-1.lease")


def owner_in_s3(client: S3Client, uri: S3Uri) -> Owner:
    return Owner.from_json(read_bytes(client, uri), str(uri))


def _until_s3_tells_another_time(client: S3Client, uri: S3Uri, write: Callable[[], object]) -> None:
    """Write until the object's time is another: S3 tells whole seconds."""
    before = read_version(client, uri).modified
    while read_version(client, uri).modified == before:
        time.sleep(0.02)
        write()


def test_a_shard_nobody_has_is_taken(client: S3Client, uri: S3Uri) -> None:
    Lease(client, uri, FIRST).take()
    assert owner_in_s3(client, uri) == FIRST


def test_the_same_owner_takes_its_shard_again_at_once(client: S3Client, uri: S3Uri) -> None:
    Lease(client, uri, FIRST).take()

    def never(_seconds: float) -> None:
        raise AssertionError("nobody else has it")

    Lease(client, uri, FIRST, sleep=never).take()


def test_a_shard_that_was_given_back_is_taken_at_once(client: S3Client, uri: S3Uri) -> None:
    first = Lease(client, uri, FIRST)
    first.take()
    first.release()
    assert owner_in_s3(client, uri) == replace(FIRST, released=True)
    Lease(client, uri, SECOND).take()
    assert owner_in_s3(client, uri) == SECOND


def test_a_shard_whose_owner_lives_is_refused_and_the_owner_named(client: S3Client, uri: S3Uri) -> None:
    first = Lease(client, uri, FIRST)
    first.take()
    waits = []

    def renew(seconds: float) -> None:
        waits.append(seconds)
        _until_s3_tells_another_time(client, uri, first.renew)

    with pytest.raises(ShardTaken, match="node-1 works on this shard"):
        Lease(client, uri, SECOND, sleep=renew).take()
    assert len(waits) == 1
    assert owner_in_s3(client, uri) == FIRST


def test_an_owner_without_a_sign_of_life_loses_the_shard_and_is_told_so(client: S3Client, uri: S3Uri) -> None:
    first = Lease(client, uri, FIRST)
    first.take()
    Lease(client, uri, SECOND, seconds=2).take()
    assert owner_in_s3(client, uri) == SECOND
    with pytest.raises(ShardTaken, match="node-2 works on this shard"):
        first.renew()
    first.release()
    assert owner_in_s3(client, uri) == SECOND


def test_of_two_who_take_a_free_shard_at_once_one_has_it(client: S3Client, uri: S3Uri) -> None:
    class Overtaken:
        """S3 as seen by one who is a moment too late: somebody else writes between its read and its write."""

        def __init__(self) -> None:
            self.late = False

        def __getattr__(self, name: str) -> object:
            if name == "put_object" and not self.late:
                self.late = True
                Lease(client, uri, FIRST).take()
            return getattr(client, name)

    taker = Lease(Overtaken(), uri, SECOND, seconds=2)  # type: ignore[arg-type]
    taker.take()
    # It saw that it was too late, and waited for the first to be taken for dead.
    assert taker._client.late  # type: ignore[attr-defined]
    assert owner_in_s3(client, uri) == SECOND


def test_who_does_not_wait_is_told_that_another_has_it(client: S3Client, uri: S3Uri) -> None:
    first, second = Lease(client, uri, FIRST), Lease(client, uri, SECOND)
    assert first.take_if_free()
    assert not second.take_if_free()
    assert Lease(client, uri, FIRST).take_if_free()
    first.renew()
    first.release()
    assert second.take_if_free()
    assert owner_in_s3(client, uri) == SECOND


def test_who_does_not_wait_has_it_when_the_reply_to_the_write_was_lost(connection: Connection, uri: S3Uri) -> None:
    rule = Rule(Fault.REPLY_LOST, "PUT", r"\.lease", times=1)
    with FaultProxy(str(connection.endpoint_url), [rule]) as proxy:
        behind = replace(connection, endpoint_url=proxy.endpoint_url).client()
        lease = Lease(behind, uri, FIRST)
        assert lease.take_if_free()
        lease.renew()
    assert owner_in_s3(connection.client(), uri) == FIRST


def test_a_lost_reply_to_its_own_write_is_not_taken_for_anothers(connection: Connection, uri: S3Uri) -> None:
    rule = Rule(Fault.REPLY_LOST, "PUT", r"\.lease", times=1)
    with FaultProxy(str(connection.endpoint_url), [rule]) as proxy:
        behind = replace(connection, endpoint_url=proxy.endpoint_url).client()
        lease = Lease(behind, uri, FIRST)
        lease.take()
        lease.renew()
        assert [exchange.fault for exchange in proxy.log].count(Fault.REPLY_LOST) == 1


def test_a_lease_goes_by_a_clock_that_nobody_sets_and_that_goes_on_while_the_machine_sleeps() -> None:
    assert inspect.signature(Lease).parameters["clock"].default is seconds_since_boot
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= seconds_since_boot() <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_before_a_write_the_lease_is_renewed_only_where_it_may_be_lost(client: S3Client, uri: S3Uri) -> None:
    now = [0.0]
    lease = Lease(client, uri, FIRST, seconds=60, clock=lambda: now[0])
    lease.take()
    put_bytes(client, uri, SECOND.to_json(), "application/json")
    now[0] = 30.0
    lease.require()
    now[0] = 30.1
    with pytest.raises(ShardTaken, match="node-2"):
        lease.require()


def test_a_kept_lease_ends_when_it_is_lost(client: S3Client, uri: S3Uri, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_module, "_RENEWAL_SECONDS", 0.01)
    lease = Lease(client, uri, FIRST)
    lease.take()
    put_bytes(client, uri, SECOND.to_json(), "application/json")
    with pytest.raises(ShardTaken, match="node-2"):
        asyncio.run(lease.keep())


@pytest.mark.parametrize("body", [b"[]", b"{}", b""])
def test_what_does_not_tell_its_owner_is_some_owners_until_its_time_is_over(
    client: S3Client, uri: S3Uri, body: bytes
) -> None:
    put_bytes(client, uri, body, "application/json")
    slept: list[float] = []

    def heartbeat(seconds: float) -> None:
        slept.append(seconds)
        _until_s3_tells_another_time(client, uri, lambda: put_bytes(client, uri, body, "application/json"))

    with pytest.raises(ShardTaken, match="Another machine works on this shard"):
        Lease(client, uri, FIRST, sleep=heartbeat).take()
    assert slept
    Lease(client, uri, FIRST, seconds=0).take()
    assert Owner.from_json(read_bytes(client, uri), str(uri)) == FIRST


def test_a_later_versions_lease_is_not_taken_even_when_it_was_released(client: S3Client, uri: S3Uri) -> None:
    put_bytes(client, uri, b'{"schema": 2, "released": true}', "application/json")
    with pytest.raises(FarmError, match="update the collection"):
        Lease(client, uri, FIRST).take()


def test_a_later_versions_field_does_not_keep_a_released_shard(client: S3Client, uri: S3Uri) -> None:
    put_bytes(client, uri, b'{"token": "t", "node": "n", "released": true, "later": 1}', "application/json")
    Lease(client, uri, FIRST).take()


def test_a_token_that_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.token").mkdir()
    with pytest.raises(FarmError, match=r"a\.token cannot be read or written"):
        owner_token(tmp_path / "a.token")


@pytest.mark.parametrize("content", [b"", b"abc", b"\0" * 32, b"\xff\xfe" * 16, b"\xce"])
def test_a_token_that_is_cut_off_or_spoiled_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.token").write_bytes(content)
    token = owner_token(tmp_path / "a.token")
    assert len(token) == 32
    assert owner_token(tmp_path / "a.token") == token


def test_a_machine_has_the_same_token_each_time(tmp_path: Path) -> None:
    token = owner_token(tmp_path / "a.token")
    assert owner_token(tmp_path / "a.token") == token
    assert owner_token(tmp_path / "b.token") != token
    assert (tmp_path / "a.token").stat().st_mode & 0o777 == 0o600


def test_a_lease_is_held_until_it_is_given_back_or_its_heartbeat_has_stopped(
    client: S3Client, uri: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_held(client, uri)
    lease = Lease(client, uri, FIRST)
    lease.take()
    assert is_held(client, uri)
    # By another than the one who asks.
    assert is_held(client, uri, SECOND.token)
    assert not is_held(client, uri, FIRST.token)
    lease.release()
    assert not is_held(client, uri)
    put_bytes(client, uri, b"?", "application/json")
    assert is_held(client, uri)
    monkeypatch.setattr(lease_module, "_SECONDS", 0.0)
    assert not is_held(client, uri)
