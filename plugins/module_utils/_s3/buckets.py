# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets that exist, are private and encrypt what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._errors import FarmError
from .errors import AccessError, MissingError, from_botocore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The one region whose name CreateBucket does not take.
_FIRST_REGION = "us-east-1"
_UNSET = {"NoSuchPublicAccessBlockConfiguration", "ServerSideEncryptionConfigurationNotFoundError", "NoSuchTagSet"}


def is_reachable(client: S3Client, bucket: str) -> bool:
    """Return whether the bucket exists.

    Raises:
        S3Error: it cannot be found out, or the bucket is somebody else's.
    """
    try:
        with _bucket_errors(bucket, "look at"):
            client.head_bucket(Bucket=bucket)
    except MissingError:
        return False
    except AccessError as error:
        raise FarmError(
            f"The bucket {bucket} exists, and these credentials may not use it: bucket names are global, so it may be "
            "another account's. Choose another name, or allow s3:ListBucket on it."
        ) from error
    return True


@dataclass(frozen=True)
class Care:
    """How buckets are looked after.

    Attributes:
        owner: the tag, key and value, of those that are looked after; others are only looked at.
        region: where those that are missing are created.
        block_public_access: may only be false for S3 servers that have no such setting.
    """

    owner: tuple[str, str]
    region: str
    block_public_access: bool = True


@dataclass
class Outcome:
    """What became of the buckets.

    Attributes:
        steps: one sentence for each thing that was done, or in check mode would be.
        notes: one for each bucket that is used as it is.
    """

    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def make_private(client: S3Client, bucket: str, care: Care, outcome: Outcome, *, check_mode: bool) -> None:
    """Create the bucket where it is missing, block public access to it, and have it encrypt what it holds.

    An encryption that is set already is left as it is. So is a bucket that exists without the owner's tag.

    Raises:
        S3Error: S3 refuses something.
        FarmError: the bucket is somebody else's.
    """
    exists = is_reachable(client, bucket)
    if exists and care.owner not in _tags(client, bucket).items():
        outcome.notes.append(_used_as_it_is(client, bucket, care))
        return
    if not exists:
        outcome.steps.append(f"Create the bucket {bucket}.")
        if not check_mode:
            _create(client, bucket, care)
            exists = True
    if care.block_public_access and not (exists and _blocks_public_access(client, bucket)):
        outcome.steps.append(f"Block public access to {bucket}.")
        if not check_mode:
            _block_public_access(client, bucket)
    if not (exists and _encrypts(client, bucket)):
        outcome.steps.append(f"Have {bucket} encrypt its objects.")
        if not check_mode:
            _encrypt(client, bucket)


def make_all_private(client: S3Client, buckets: Sequence[str], care: Care, *, check_mode: bool) -> Outcome:
    """Do :func:`make_private` for each different bucket, in order."""
    outcome = Outcome()
    for bucket in dict.fromkeys(buckets):
        make_private(client, bucket, care, outcome, check_mode=check_mode)
    return outcome


def _create(client: S3Client, bucket: str, care: Care) -> None:
    key, value = care.owner
    with _bucket_errors(bucket, "create"):
        if care.region == _FIRST_REGION:
            client.create_bucket(Bucket=bucket)
        else:
            client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": care.region})  # type: ignore[typeddict-item]
    with _bucket_errors(bucket, f"set the tag {key}={value} of"):
        client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": key, "Value": value}]})


def _tags(client: S3Client, bucket: str) -> dict[str, str]:
    try:
        with _bucket_errors(bucket, "read the tags of"):
            return {tag["Key"]: tag["Value"] for tag in client.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    except _UnsetError:
        return {}


def _used_as_it_is(client: S3Client, bucket: str, care: Care) -> str:
    key, value = care.owner
    lacks = [
        *(
            ["does not block public access"]
            if care.block_public_access and not _blocks_public_access(client, bucket)
            else []
        ),
        *([] if _encrypts(client, bucket) else ["has no encryption set"]),
    ]
    return (
        f"The bucket {bucket} has no tag {key}={value} and is used as it is"
        f"{'; it ' + ' and '.join(lacks) if lacks else ''}. To have it looked after, give it that tag."
    )


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
