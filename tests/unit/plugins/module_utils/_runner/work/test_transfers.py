# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.transfers import Cancelled, Transfers
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_a_document_comes_whole_with_its_etag(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    etag = put_bytes(client, bucket.join("a.pdf"), b"x" * 3_000_000, "application/pdf")
    download = Transfers(client, client).download(bucket.join("a.pdf"), tmp_path / "a")
    assert (download.etag, download.bytes) == (etag, 3_000_000)
    assert (tmp_path / "a").read_bytes() == b"x" * 3_000_000


def test_a_missing_document_is_its_own_failure_and_a_missing_bucket_is_not(
    client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    with pytest.raises(DocumentFailure) as raised:
        Transfers(client, client).download(bucket.join("none.pdf"), tmp_path / "a")
    assert raised.value.failure_class is FailureClass.DOWNLOAD
    with pytest.raises(MissingError):
        Transfers(client, client).download(S3Uri("no-such-bucket-anywhere", "a.pdf"), tmp_path / "a")


def test_a_body_that_breaks_is_read_again(tmp_path: Path) -> None:
    class Body(io.BytesIO):
        def iter_chunks(self, _size: int) -> Any:
            yield self.read()

    class Client:
        def __init__(self) -> None:
            self.bodies = [b"abc", b"abcdef"]

        def get_object(self, **_options: str) -> dict[str, Any]:
            return {"ContentLength": 6, "ETag": '"e"', "Body": Body(self.bodies.pop(0))}

    client: Any = Client()
    download = Transfers(client, client).download(S3Uri("b", "a"), tmp_path / "a")
    assert download.bytes == 6
    assert (tmp_path / "a").read_bytes() == b"abcdef"


def test_a_cancelled_download_ends(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    put_bytes(client, bucket.join("a.pdf"), b"x", "application/pdf")
    transfers = Transfers(client, client)
    transfers.cancel()
    with pytest.raises(Cancelled):
        transfers.download(bucket.join("a.pdf"), tmp_path / "a")


def test_an_upload_tells_what_is_there_now(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"text")
    output = Transfers(client, client).upload(path, bucket.join("a.md"), "text/markdown", lambda: None)
    assert output.bytes == 4
    assert read_bytes(client, S3Uri.parse(output.uri)) == b"text"
    assert output.etag == client.head_object(Bucket=bucket.bucket, Key="a.md")["ETag"].strip('"')


def test_whether_a_document_can_be_read_is_told_without_reading_it(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, bucket.join("a.pdf"), b"x", "application/pdf")
    assert Transfers(client, client).can_read(bucket.join("a.pdf"))
    assert not Transfers(client, client).can_read(bucket.join("none.pdf"))
