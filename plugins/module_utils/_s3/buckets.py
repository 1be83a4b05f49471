# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets that exist, are private and encrypt what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._errors import FarmError
from .errors import AccessError, MissingError, from_botocore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What the names of S3's encryptions by KMS begin with.
KMS = "aws:kms"
# The one region whose name CreateBucket does not take.
_FIRST_REGION = "us-east-1"
_UNSET = {"NoSuchPublicAccessBlockConfiguration", "ServerSideEncryptionConfigurationNotFoundError"}


def is_reachable(client: S3Client, bucket: str) -> bool:
    """Return whether the bucket exists.

    Raises:
        S3Error: it cannot be found out, or the bucket is somebody else's.
    """
    return find_region(client, bucket) is not None


def find_region(client: S3Client, bucket: str) -> str | None:
    """Return the region the bucket is in; empty where the server does not say, ``None`` where there is no bucket.

    Raises:
        S3Error: it cannot be found out, or the bucket is somebody else's.
    """
    try:
        with _bucket_errors(bucket, "look at"):
            answer = client.head_bucket(Bucket=bucket)
    except MissingError:
        return None
    except AccessError as error:
        raise FarmError(
            f"The bucket {bucket} exists, and these credentials may not use it: bucket names are global, so it may be "
            "another account's. Choose another name, or allow s3:ListBucket on it."
        ) from error
    return str(answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", ""))


def read_key(client: S3Client, bucket: str) -> str | None:
    """Return the KMS key that objects are encrypted with by default: an id, an ARN or an alias.

    Returns:
        ``None`` where they are encrypted without KMS; empty for the key that AWS keeps for S3.

    Raises:
        S3Error: it cannot be read.
    """
    try:
        with _bucket_errors(bucket, "read the encryption of"):
            answer = client.get_bucket_encryption(Bucket=bucket)
    except _UnsetError:
        return None
    for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if str(default.get("SSEAlgorithm", "")).startswith(KMS):
            return str(default.get("KMSMasterKeyID", ""))
    return None


def make_private(
    client: S3Client, bucket: str, region: str, *, block_public_access: bool, check_mode: bool
) -> list[str]:
    """Create the bucket where it is missing, block public access to it, and have it encrypt what it holds.

    An encryption that is set already is left as it is.

    Args:
        region: where it is created.
        block_public_access: may only be false for S3 servers that have no such setting.

    Returns:
        One sentence for each thing that was done, or in check mode would be.

    Raises:
        S3Error: S3 refuses something.
        FarmError: the bucket is somebody else's.
    """
    exists = is_reachable(client, bucket)
    steps = [] if exists else [f"Create the bucket {bucket}."]
    if not exists and not check_mode:
        with _bucket_errors(bucket, "create"):
            if region == _FIRST_REGION:
                client.create_bucket(Bucket=bucket)
            else:
                client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})  # type: ignore[typeddict-item]
        exists = True
    if block_public_access and not (exists and _blocks_public_access(client, bucket)):
        steps.append(f"Block public access to {bucket}.")
        if not check_mode:
            _block_public_access(client, bucket)
    if not (exists and _encrypts(client, bucket)):
        steps.append(f"Have {bucket} encrypt its objects.")
        if not check_mode:
            _encrypt(client, bucket)
    return steps


def make_all_private(
    client: S3Client, buckets: Sequence[str], region: str, *, block_public_access: bool, check_mode: bool
) -> list[str]:
    """Do :func:`make_private` for each different bucket, in order."""
    return [
        step
        for bucket in dict.fromkeys(buckets)
        for step in make_private(client, bucket, region, block_public_access=block_public_access, check_mode=check_mode)
    ]


def _blocks_public_access(client: S3Client, bucket: str) -> bool:
    try:
        with _bucket_errors(bucket, "read the public access block of"):
            block = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    except _UnsetError:
        return False
    return all(
        (
            block.get("BlockPublicAcls"),
            block.get("IgnorePublicAcls"),
            block.get("BlockPublicPolicy"),
            block.get("RestrictPublicBuckets"),
        )
    )


def _block_public_access(client: S3Client, bucket: str) -> None:
    with _bucket_errors(bucket, "block public access to"):
        client.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )


def _encrypts(client: S3Client, bucket: str) -> bool:
    try:
        with _bucket_errors(bucket, "read the encryption of"):
            answer = client.get_bucket_encryption(Bucket=bucket)
    except _UnsetError:
        return False
    return bool(answer["ServerSideEncryptionConfiguration"]["Rules"])


def _encrypt(client: S3Client, bucket: str) -> None:
    with _bucket_errors(bucket, "set the encryption of"):
        client.put_bucket_encryption(
            Bucket=bucket,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        )


class _UnsetError(Exception):
    """The bucket has no such setting."""


@contextmanager
def _bucket_errors(bucket: str, action: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _UNSET:
            raise _UnsetError from error
        raise from_botocore(error, f"{action} the bucket {bucket}") from error
    except BotoCoreError as error:
        raise from_botocore(error, f"{action} the bucket {bucket}") from error
