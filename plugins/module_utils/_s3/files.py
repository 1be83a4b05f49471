# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects too large for memory: from S3 to a temporary file and back, in parts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._files import Section, TemporaryFile, disk_errors, same_content
from .connection import MAX_ATTEMPTS
from .objects import if_exists, retry_pause, s3_errors
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_STEP_BYTES = 1 << 20
# Each part under way is in memory.
_PARTS_AT_ONCE = 4


def download(client: S3Client, uri: S3Uri) -> TemporaryFile:
    """Return the object as a file; where its body breaks off it goes on from there.

    Raises:
        MissingError: there is no such bucket or object.
        S3Error: it could not be read after retries, or was replaced meanwhile.
        FarmError: the disk is full.
    """
    from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError

    with disk_errors(str(uri), "it"):
        file = TemporaryFile()
    rest: dict[str, Any] = {}
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with s3_errors(f"read {uri}"):
            try:
                answer = client.get_object(Bucket=uri.bucket, Key=uri.key, **rest)
                room = f"its {(file.bytes + answer['ContentLength']) / 1e6:.1f} MB"
                for piece in answer["Body"].iter_chunks(_STEP_BYTES):
                    with disk_errors(str(uri), room):
                        file.write(piece)
                return file
            except (HTTPClientError, IncompleteReadError, ResponseStreamingError):
                if attempt == MAX_ATTEMPTS:
                    raise
        if file.bytes:
            rest = {"Range": f"bytes={file.bytes}-", "IfMatch": answer["ETag"]}
        time.sleep(retry_pause(attempt))
    raise AssertionError("the last attempt returns or raises")


def download_if_exists(client: S3Client, uri: S3Uri) -> TemporaryFile | None:
    """Return the object as a file, or ``None`` where there is no such object (a missing bucket raises)."""
    return if_exists(lambda: download(client, uri))


def upload(client: S3Client, uri: S3Uri, file: TemporaryFile, content_type: str) -> None:
    """Write the object; an older one is there until all parts of the new one are.

    Raises:
        S3Error: it could not be written after retries.
    """
    from boto3.s3.transfer import TransferConfig

    parts = TransferConfig(max_concurrency=_PARTS_AT_ONCE)
    with s3_errors(f"write {uri}"), file.open() as body:
        client.upload_fileobj(body, uri.bucket, uri.key, ExtraArgs={"ContentType": content_type}, Config=parts)


def has_content(client: S3Client, uri: S3Uri, etag: str, file: TemporaryFile | Section) -> bool:
    """Return whether the object, which has this etag, has the content of the file.

    Raises:
        S3Error: it had to be read, and could not be after retries.
        FarmError: the disk is full.
    """
    # An etag is the body's MD5, but not with every kind of encryption, nor where it was written in parts.
    if etag == file.md5():
        return True
    with file.open() as ours, download(client, uri).open() as theirs:
        return same_content(ours, theirs)


def put_file(client: S3Client, uri: S3Uri, file: TemporaryFile | Section, content_type: str) -> None:
    """Write the object by one request, so that its etag tells its content; S3 takes 5 GB so.

    Raises:
        S3Error: it could not be written after retries.
    """
    with s3_errors(f"write {uri}"), file.open() as body:
        client.put_object(Bucket=uri.bucket, Key=uri.key, Body=body, ContentType=content_type)
