# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3 import ranges as store
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import (
    AccessError,
    CredentialsError,
    MissingError,
    S3Error,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.ranges import ChangedError, RangeReader
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import ACCESS_KEY, SECRET_KEY, S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

BODY = bytes(range(256)) * 8


def put(client: S3Client, bucket: S3Uri, key: str) -> str:
    return client.put_object(Bucket=bucket.bucket, Key=key, Body=BODY)["ETag"].strip('"')


def read(reader: RangeReader, key: str, etag: str, start: int = 10, end: int = 20) -> bytes:
    return reader.read(key, start, end, etag)


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.endpoint_url) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "key", ["a b+c#%20&=?.pdf", "ελληνικά/θέση.pdf", "line\nfeed.pdf", "tab\t.pdf", "a'()*!~[1].pdf", "back\\slash.pdf"]
)
def test_a_range_of_any_key_is_read_and_counted(
    connection: Connection, client: S3Client, bucket: S3Uri, key: str
) -> None:
    reader = RangeReader(connection, bucket.bucket, 4)
    assert read(reader, key, put(client, bucket, key)) == BODY[10:20]
    assert (reader.requests, reader.bytes_read) == (1, 10)


@pytest.mark.parametrize("key", ["plain.pdf", "line\nfeed.pdf"])
def test_a_replaced_object_is_not_read(connection: Connection, client: S3Client, bucket: S3Uri, key: str) -> None:
    put(client, bucket, key)
    with pytest.raises(ChangedError, match="replaced after it was listed"):
        read(RangeReader(connection, bucket.bucket, 4), key, "another-etag")


@pytest.mark.parametrize("key", ["plain.pdf", "line\nfeed.pdf"])
def test_an_object_that_ends_before_the_range_by_now_was_replaced(
    connection: Connection, client: S3Client, bucket: S3Uri, key: str
) -> None:
    etag = put(client, bucket, key)
    client.put_object(Bucket=bucket.bucket, Key=key, Body=b"short")
    with pytest.raises(ChangedError, match="replaced after it was listed"):
        read(RangeReader(connection, bucket.bucket, 4), key, etag)


@pytest.mark.parametrize("key", ["gone.pdf", "gone\n.pdf"])
def test_a_vanished_object_is_missing(connection: Connection, bucket: S3Uri, key: str) -> None:
    with pytest.raises(MissingError) as caught:
        read(RangeReader(connection, bucket.bucket, 4), key, "etag")
    assert caught.value.code == "NoSuchKey"


@pytest.mark.parametrize("key", ["a.pdf", "line\nfeed.pdf"])
@pytest.mark.parametrize("requester_pays", [True, False])
def test_a_read_says_who_pays(
    connection: Connection, client: S3Client, bucket: S3Uri, proxy: FaultProxy, key: str, requester_pays: bool
) -> None:
    payer = replace(connection, endpoint_url=proxy.endpoint_url, requester_pays=requester_pays)
    read(RangeReader(payer, bucket.bucket, 4), key, put(client, bucket, key))
    assert {"x-amz-request-payer: requester" in each.head.lower() for each in proxy.log} == {requester_pays}


def test_in_a_versioned_bucket_a_newer_version_and_a_deleted_object_are_told(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    client.put_bucket_versioning(Bucket=bucket.bucket, VersioningConfiguration={"Status": "Enabled"})
    reader = RangeReader(connection, bucket.bucket, 4)
    listed = put(client, bucket, "a.pdf")
    client.put_object(Bucket=bucket.bucket, Key="a.pdf", Body=b"another version of it")
    with pytest.raises(ChangedError):
        read(reader, "a.pdf", listed)
    client.delete_object(Bucket=bucket.bucket, Key="a.pdf")
    with pytest.raises(MissingError) as caught:
        read(reader, "a.pdf", listed)
    assert caught.value.code == "NoSuchKey"


def test_a_missing_bucket_is_told_from_a_missing_object(connection: Connection) -> None:
    with pytest.raises(MissingError) as caught:
        read(RangeReader(connection, "no-such-bucket-here", 4), "a.pdf", "etag")
    assert caught.value.code == "NoSuchBucket"


def test_a_wrong_secret_is_a_matter_of_credentials(connection: Connection, client: S3Client, bucket: S3Uri) -> None:
    etag = put(client, bucket, "a.pdf")
    with pytest.raises(CredentialsError, match="secret key does not match"):
        read(RangeReader(replace(connection, secret_key="wrong"), bucket.bucket, 4), "a.pdf", etag)


def test_no_credentials_are_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(CredentialsError, match="no credentials were found"):
        RangeReader(Connection(), "bucket", 4)


def test_an_unknown_profile_is_said_so() -> None:
    with pytest.raises(CredentialsError, match="no such profile"):
        RangeReader(Connection(profile="nobody"), "bucket", 4)


def test_credentials_are_renewed_while_it_reads(
    connection: Connection, client: S3Client, bucket: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = put(client, bucket, "a.pdf")
    credentials, config = tmp_path / "credentials.json", tmp_path / "config"
    config.write_text(f"[profile renewed]\ncredential_process = cat {credentials}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    # obstore asks at once for what is to end within five minutes, botocore runs the process again then.
    monkeypatch.setattr(store, "_CREDENTIALS_LIFE", timedelta(0))
    end = datetime.now(UTC) + timedelta(minutes=4)

    def issue(secret: str) -> None:
        issued = {"Version": 1, "AccessKeyId": ACCESS_KEY, "SecretAccessKey": secret, "Expiration": end.isoformat()}
        credentials.write_text(json.dumps(issued))

    issue(SECRET_KEY)
    reader = RangeReader(Connection(connection.region, connection.endpoint_url, profile="renewed"), bucket.bucket, 4)
    assert read(reader, "a.pdf", etag) == BODY[10:20]
    issue("not the secret")
    with pytest.raises(CredentialsError, match="secret key does not match"):
        read(reader, "a.pdf", etag)
    credentials.unlink()
    with pytest.raises(CredentialsError, match="could not be renewed"):
        read(reader, "a.pdf", etag)
    issue(SECRET_KEY)
    assert read(reader, "a.pdf", etag) == BODY[10:20]


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [(Fault.ACCESS_DENIED, AccessError, "AccessDenied"), (Fault.EXPIRED_TOKEN, CredentialsError, "ExpiredToken")],
)
def test_a_refusal_is_not_repeated(
    connection: Connection, bucket: S3Uri, proxy: FaultProxy, fault: Fault, error: type[S3Error], code: str
) -> None:
    proxy.rules = [Rule(fault)]
    with pytest.raises(error) as caught:
        read(RangeReader(replace(connection, endpoint_url=proxy.endpoint_url), bucket.bucket, 4), "a.pdf", "etag")
    assert caught.value.code == code
    assert len(proxy.log) == 1


@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.RESET, Fault.TRUNCATED], ids=lambda fault: fault.name)
def test_a_passing_fault_is_outlived(
    connection: Connection, client: S3Client, bucket: S3Uri, proxy: FaultProxy, fault: Fault
) -> None:
    etag = put(client, bucket, "a.pdf")
    proxy.rules = [Rule(fault, "GET", times=2)]
    reader = RangeReader(replace(connection, endpoint_url=proxy.endpoint_url), bucket.bucket, 4)
    assert read(reader, "a.pdf", etag) == BODY[10:20]
    assert [each.fault for each in proxy.log] == [fault, fault, None]
