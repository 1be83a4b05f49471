# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing objects that are an owner's, who may not be it any more when the write arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import S3Error
from .objects import if_exists, look_at, put_object_if_unchanged, retry_pause
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MOST_TRIES = 5


def put_owned(
    client: S3Client, uri: S3Uri, body: bytes | Path, content_type: str, require_ownership: Callable[[], None]
) -> str:
    """Write an object, and return its etag, without quotes; where another is the owner by now, that one's stays.

    A process may sleep for an hour between its look whether it still is the owner and its write. So each write holds
    only where there is nothing, or still is what was there before that look: another owner's write makes it void.

    Args:
        client: of the S3 that has it.
        uri: the object; S3 takes 5 GB so.
        body: its new body, or the file that has it.
        content_type: its type.
        require_ownership: raises where another is the owner by now.

    Raises:
        S3Error: it could not be written after retries.
        OSError: the file cannot be read.
    """
    etag: str | None = None
    for attempt in range(_MOST_TRIES):
        if attempt > 1:
            time.sleep(retry_pause(attempt))
        require_ownership()
        written = _put(client, uri, body, content_type, etag)
        if written is not None:
            return written
        # An earlier run's, another owner's, or this one's where the reply to its write was lost.
        etag = if_exists(lambda: look_at(client, uri).etag)
    raise S3Error(f"Cannot write {uri}: others write it all the time.", "ConditionalRequestConflict")


def _put(client: S3Client, uri: S3Uri, body: bytes | Path, content_type: str, etag: str | None) -> str | None:
    if isinstance(body, bytes):
        return put_object_if_unchanged(client, uri, body, content_type, etag)
    with body.open("rb") as file:
        return put_object_if_unchanged(client, uri, file, content_type, etag)
