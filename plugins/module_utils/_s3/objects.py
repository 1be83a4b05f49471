# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing, reading and writing whole objects; every failure is an :class:`S3Error`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

from .connection import MAX_ATTEMPTS
from .errors import MissingError, from_botocore
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, ObjectTypeDef

ReadT = TypeVar("ReadT")

_LONGEST_PAUSE_SECONDS = 20.0
_ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
# The object is another, was written at the same moment, or is gone.
_CONDITION_FAILED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"})


class S3Object(NamedTuple):
    """One row of a listing. A tuple, as a million of them are made in a third of a dataclass's time.

    Attributes:
        uri: of the object.
        bytes: its size.
        etag: without quotes.
        modified: when it was written.
        archived: whether it must be restored before it can be read.
    """

    uri: S3Uri
    bytes: int
    etag: str
    modified: datetime
    archived: bool = False


class Level(NamedTuple):
    """What lies directly below a prefix: objects, and prefixes that reach to the next slash."""

    objects: list[S3Object]
    folders: list[S3Uri]


@dataclass(frozen=True)
class Version:
    """An object as it was read.

    Attributes:
        body: the whole of it.
        etag: without quotes.
        modified: when it was written, by S3's clock.
        age: seconds from then to the answer, by the same clock; 0 or more.
    """

    body: bytes
    etag: str
    modified: datetime
    age: float


@contextmanager
def s3_errors(action: str) -> Iterator[None]:
    """Turn botocore's exceptions into an :class:`S3Error` that says ``Cannot <action>: ...``."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    try:
        yield
    except (BotoCoreError, ClientError, HTTPClientError) as error:
        raise from_botocore(error, action) from error


def list_objects(client: S3Client, prefix: S3Uri) -> Iterator[S3Object]:
    """Yield the objects whose key starts with the prefix's key, in S3's order (UTF-8 bytes of the key).

    Raises:
        S3Error: the listing failed after retries; what was yielded before is right.
    """
    return chain.from_iterable(list_pages(client, prefix))


def list_pages(client: S3Client, prefix: S3Uri) -> Iterator[list[S3Object]]:
    """Yield what :func:`list_objects` does, one list for each of S3's answers.

    Raises:
        S3Error: the listing failed after retries; what was yielded before is right.
    """
    with s3_errors(f"list {prefix}"):
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=prefix.bucket, Prefix=prefix.key, OptionalObjectAttributes=["RestoreStatus"]
        )
        for page in pages:
            yield _objects(prefix.bucket, page.get("Contents", []))


def list_level(client: S3Client, prefix: S3Uri) -> Level | None:
    """Return what lies directly below the prefix, ``None`` where one answer of S3 (1,000 names) does not hold it.

    Raises:
        S3Error: the listing failed after retries.
    """
    with s3_errors(f"list {prefix}"):
        page = client.list_objects_v2(
            Bucket=prefix.bucket, Prefix=prefix.key, Delimiter="/", OptionalObjectAttributes=["RestoreStatus"]
        )
    if page["IsTruncated"]:
        return None
    folders = [S3Uri(prefix.bucket, item["Prefix"]) for item in page.get("CommonPrefixes", [])]
    return Level(_objects(prefix.bucket, page.get("Contents", [])), folders)


def _objects(bucket: str, items: Iterable[ObjectTypeDef]) -> list[S3Object]:
    return [
        S3Object(
            S3Uri(bucket, item["Key"]), item["Size"], item["ETag"].strip('"'), item["LastModified"], _is_archived(item)
        )
        for item in items
    ]


def _is_archived(item: ObjectTypeDef) -> bool:
    # Glacier Instant Retrieval, GLACIER_IR, is read like any other class. A restored copy has an end.
    return item.get("StorageClass") in _ARCHIVES and "RestoreExpiryDate" not in item.get("RestoreStatus", {})


def list_folders(client: S3Client, prefix: S3Uri) -> list[S3Uri]:
    """Return the prefixes that reach from ``prefix`` to the next slash, in S3's order.

    Raises:
        S3Error: the listing failed after retries.
    """
    with s3_errors(f"list {prefix}"):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key, Delimiter="/")
        return [S3Uri(prefix.bucket, item["Prefix"]) for page in pages for item in page.get("CommonPrefixes", [])]


def retry_pause(attempt: int) -> float:
    """Return the seconds to wait after a broken body, with jitter; ``attempt`` is 1 after the first."""
    return random.uniform(0, min(_LONGEST_PAUSE_SECONDS, 0.1 * 2**attempt))


def read_bytes(client: S3Client, uri: S3Uri) -> bytes:
    """Return the object's whole body.

    botocore retries a request but not a body that breaks while it is read; this does.

    Raises:
        MissingError: there is no such bucket or object.
        S3Error: it could not be read after retries.
    """
    return _read(client, uri)[0]


def read_version(client: S3Client, uri: S3Uri) -> Version:
    """Return the object's whole body, and when it was written.

    Raises:
        MissingError: there is no such bucket or object.
        S3Error: it could not be read after retries.
    """
    body, answer = _read(client, uri)
    now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    modified = answer["LastModified"]
    return Version(body, answer["ETag"].strip('"'), modified, max(0.0, (now - modified).total_seconds()))


def look_at(client: S3Client, uri: S3Uri) -> S3Object:
    """Return what a listing would say of the object.

    Raises:
        MissingError: there is no such bucket or object.
        S3Error: it could not be asked for after retries.
    """
    with s3_errors(f"look at {uri}"):
        head = client.head_object(Bucket=uri.bucket, Key=uri.key)
    archived = head.get("StorageClass") in _ARCHIVES and "expiry-date" not in head.get("Restore", "")
    return S3Object(uri, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"], archived)


def _read(client: S3Client, uri: S3Uri) -> tuple[bytes, GetObjectOutputTypeDef]:
    from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError

    for attempt in range(1, MAX_ATTEMPTS + 1):
        with s3_errors(f"read {uri}"):
            try:
                answer = client.get_object(Bucket=uri.bucket, Key=uri.key)
                return answer["Body"].read(), answer
            except (HTTPClientError, IncompleteReadError, ResponseStreamingError):
                if attempt == MAX_ATTEMPTS:
                    raise
        time.sleep(retry_pause(attempt))
    raise AssertionError("the last attempt returns or raises")


def read_bytes_if_exists(client: S3Client, uri: S3Uri) -> bytes | None:
    """Return the object's whole body, or ``None`` where there is no such object (a missing bucket raises)."""
    return if_exists(lambda: read_bytes(client, uri))


def if_exists(read: Callable[[], ReadT]) -> ReadT | None:
    """Return what ``read`` returns, or ``None`` where there is no such object (a missing bucket raises)."""
    try:
        return read()
    except MissingError as error:
        if error.code == "NoSuchBucket":
            raise
        return None


def put_bytes(client: S3Client, uri: S3Uri, body: bytes, content_type: str) -> str:
    """Write the object and return its etag, without quotes.

    Raises:
        S3Error: it could not be written after retries.
    """
    options: dict[str, Any] = {"Bucket": uri.bucket, "Key": uri.key, "Body": body, "ContentType": content_type}
    with s3_errors(f"write {uri}"):
        return client.put_object(**options)["ETag"].strip('"')


def delete(client: S3Client, uri: S3Uri, etag: str | None = None) -> bool:
    """Delete the object; one that is not there is none too many.

    Args:
        client: of the S3 that has it.
        uri: the object.
        etag: delete it only while it has this one, without quotes; ``None`` to delete whatever is there.

    Returns:
        Whether it is gone; not where it is another than ``etag`` tells.

    Raises:
        S3Error: it could not be deleted after retries.
    """
    from botocore.exceptions import ClientError

    condition: dict[str, Any] = {} if etag is None else {"IfMatch": f'"{etag}"'}
    with s3_errors(f"delete {uri}"):
        try:
            client.delete_object(Bucket=uri.bucket, Key=uri.key, **condition)
        except ClientError as error:
            if etag is None or error.response["Error"]["Code"] not in _CONDITION_FAILED:
                raise
            # Also where the reply was lost to its own deletion.
            return if_exists(lambda: look_at(client, uri)) is None
    return True


def put_if_unchanged(client: S3Client, uri: S3Uri, body: bytes, etag: str | None) -> str | None:
    """Write the JSON object only if it still is what it was; return its etag, ``None`` where it is another by now.

    A reply that is lost makes the client write again, and then find its own object: whoever gets ``None`` reads
    the object to see whose it is.

    Args:
        client: of the S3 that has it.
        uri: the object.
        body: its new body.
        etag: of the object that was read, without quotes; ``None`` where there was none.

    Raises:
        S3Error: it could not be written after retries.
    """
    return put_object_if_unchanged(client, uri, body, "application/json", etag)


def put_object_if_unchanged(
    client: S3Client, uri: S3Uri, body: bytes | BinaryIO, content_type: str, etag: str | None
) -> str | None:
    """Do as :func:`put_if_unchanged` with an object of any kind; S3 takes 5 GB so.

    Raises:
        S3Error: it could not be written after retries.
    """
    from botocore.exceptions import ClientError

    condition: dict[str, Any] = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": f'"{etag}"'}
    with s3_errors(f"write {uri}"):
        try:
            answer = client.put_object(Bucket=uri.bucket, Key=uri.key, Body=body, ContentType=content_type, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in _CONDITION_FAILED:
                return None
            raise
        return answer["ETag"].strip('"')
