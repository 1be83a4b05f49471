# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether there is something to process, and whether nodes may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._errors import FarmError
from .._s3.buckets import KMS, read_key
from .._s3.connection import Connection
from .._s3.objects import list_objects, s3_errors
from .._s3.uri import S3Uri
from .preflight import Findings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A hundred answers of S3's listing: 10 s at most.
_LOOK_AT = 100_000


def check_documents(
    connection: Connection,
    findings: Findings,
    source: S3Uri,
    is_document: Callable[[S3Uri], bool],
    *,
    requester_pays: bool,
    kms_key: str,
) -> None:
    """Look for a document below the prefix, and at what else is there that nodes may not read.

    Args:
        source: bucket and prefix of the documents; the bucket exists.
        is_document: whether an object is one.
        requester_pays: whether to offer to pay.
        kms_key: the ARN of the key that nodes may use; empty for none.
    """
    client = replace(connection, requester_pays=requester_pays).client()
    try:
        document = _first_document(client, findings, source, is_document)
        if document is None:
            return
        findings.facts["first_document"] = str(document)
        _check_folder(client, findings, source)
        with s3_errors(f"look at {document}"):
            answer = client.head_object(Bucket=document.bucket, Key=document.key)
    except FarmError as error:
        findings.problems.append(str(error))
        return
    if answer.get("ServerSideEncryption", "").startswith(KMS):
        _check_key(connection, findings, str(document), answer.get("SSEKMSKeyId", ""), kms_key)


def check_encryption(connection: Connection, findings: Findings, buckets: Sequence[str], *, kms_key: str) -> None:
    """Look whether what nodes write is encrypted with a key that they may use.

    Args:
        buckets: that exist.
        kms_key: see :func:`check_documents`.
    """
    client = connection.client()
    for bucket in dict.fromkeys(buckets):
        try:
            key = read_key(client, bucket)
        except FarmError as error:
            findings.notes.append(f"Whether nodes need a KMS key for the bucket {bucket} cannot be told: {error}")
            continue
        if key is not None:
            _check_key(connection, findings, f"The bucket {bucket}", key, kms_key)


def _first_document(
    client: S3Client, findings: Findings, source: S3Uri, is_document: Callable[[S3Uri], bool]
) -> S3Uri | None:
    looked_at = 0
    for listed in islice(list_objects(client, source), _LOOK_AT):
        looked_at += 1
        if is_document(listed.uri):
            return listed.uri
    if looked_at == _LOOK_AT:
        findings.notes.append(f"The first {_LOOK_AT} objects below {source} are no PDFs by their names.")
        return None
    findings.problems.append(
        f"There is no document below {source}, of {looked_at} objects there: look at farm_input_bucket and "
        "farm_input_prefix, and whether the documents, whose names end in .pdf, were uploaded."
    )
    return None


def _check_folder(client: S3Client, findings: Findings, source: S3Uri) -> None:
    """Look whether the prefix is a folder: nodes may read what is in it, and counting takes all that begins like it."""
    if not source.key or source.key.endswith("/"):
        return
    folder = f"{source.key}/"
    # All of the folder is one entry, so that one answer has whatever else begins like it.
    with s3_errors(f"list {source}"):
        page = client.list_objects_v2(Bucket=source.bucket, Prefix=source.key, Delimiter="/")
    names = [item["Prefix"] for item in page.get("CommonPrefixes", [])] + [
        item["Key"] for item in page.get("Contents", [])
    ]
    others = sorted(name for name in names if name != folder)
    if others:
        findings.problems.append(
            f"farm_input_prefix is {source.key}, which is no folder: counting would take {others[0]} too, which nodes "
            f"may not read. Set it to {folder}, or to the folder that is meant."
        )


def _check_key(connection: Connection, findings: Findings, what: str, key: str, allowed: str) -> None:
    """Look whether nodes may use the key that something is encrypted with.

    Args:
        key: its id, ARN or alias; empty for the one that AWS keeps for S3, which everybody in the account may use.
    """
    if not key:
        return
    arn = key
    try:
        with aws_errors(f"look at the KMS key {key}"):
            described = service_client(connection, "kms").describe_key(KeyId=key)["KeyMetadata"]
        if described["KeyManager"] == "AWS":
            return
        arn = described["Arn"]
    except AwsError as error:
        if arn != allowed:
            findings.notes.append(f"Whose the key is that {what} is encrypted with cannot be told: {error}")
    if arn == allowed:
        return
    other = f"farm_kms_key is {allowed}, and" if allowed else "farm_kms_key is not set, and"
    findings.problems.append(
        f"{what} is encrypted with the KMS key {arn}. {other} nodes may use no other key: set it to that key's ARN, "
        "and allow the nodes' role in the key's own policy where that does not trust the account."
    )
