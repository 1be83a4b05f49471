# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._s3 import files
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.files import (
    download,
    download_if_exists,
    has_content,
    put_file,
    upload,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import look_at, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

# More than one part of an upload, and than one step of a download.
CONTENT = os.urandom(1 << 20) * 17


def content(file: TemporaryFile) -> bytes:
    with file.open() as opened:
        return opened.read()


def test_one_request_writes_a_file_whose_content_is_then_known_by_its_etag(client: S3Client, bucket: S3Uri) -> None:
    file, other = TemporaryFile(), TemporaryFile()
    file.write(CONTENT)
    other.write(CONTENT[:-1] + b"?")
    uri = bucket.join("table.csv")
    put_file(client, uri, file, "text/csv")
    etag = look_at(client, uri).etag
    assert etag == file.md5()
    # An etag that is no MD5 leaves nothing but to read the object.
    for told in (etag, "another-2"):
        assert has_content(client, uri, told, file)
        assert not has_content(client, uri, told, other)


def test_a_large_object_goes_to_s3_and_back(client: S3Client, bucket: S3Uri) -> None:
    file = TemporaryFile()
    file.write(CONTENT)
    upload(client, bucket.join("table.csv"), file, "text/csv")
    assert read_bytes(client, bucket.join("table.csv")) == CONTENT
    assert client.head_object(Bucket=bucket.bucket, Key="table.csv")["ContentType"] == "text/csv"
    assert content(download(client, bucket.join("table.csv"))) == CONTENT
    # It was not closed by the upload.
    assert content(file) == CONTENT


def test_a_body_that_breaks_off_is_read_on_from_there(
    client: S3Client, bucket: S3Uri, connection: Connection, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "retry_pause", lambda _attempt: 0)
    put_bytes(client, bucket.join("table.csv"), CONTENT, "text/csv")
    with FaultProxy(s3_server.endpoint_url, [Rule(Fault.TRUNCATED, "GET", "table", times=2)]) as proxy:
        through = Connection(
            connection.region, proxy.endpoint_url, None, connection.access_key, connection.secret_key
        ).client()
        assert content(download(through, bucket.join("table.csv"))) == CONTENT
        ranges = [each.range for each in proxy.log]
    assert len(ranges) == 3
    assert not ranges[0]
    assert all(ranges[1:])


def test_a_missing_object_is_none_and_a_missing_bucket_an_error(client: S3Client, bucket: S3Uri) -> None:
    assert download_if_exists(client, bucket.join("nothing")) is None
    with pytest.raises(MissingError, match="the bucket does not exist"):
        download_if_exists(client, S3Uri("no-such-bucket-here", "key"))


def test_a_full_disk_names_the_folder_and_the_size(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, os.strerror(28))

    put_bytes(client, bucket.join("table.csv"), CONTENT, "text/csv")
    monkeypatch.setattr(_files, "write_all", full)
    with pytest.raises(FarmError, match=r"Cannot keep s3://.*table\.csv in .*: No space left.* its 17\.8 MB"):
        download(client, bucket.join("table.csv"))
