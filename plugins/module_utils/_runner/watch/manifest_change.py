# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Noticing that a shard was cut anew while its supervisor works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._records.manifest import manifest_etag
from ..._records.names import manifest_uri
from ..._s3.uri import S3Uri
from .polling import first_reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_INTERVAL_SECONDS = 60.0


async def wait_for_manifest_change(
    client: S3Client, manifests: S3Uri, shard: int, etag: str, interval_seconds: float = _INTERVAL_SECONDS
) -> str:
    """Return, once the shard's manifest has another etag, why its supervisor should start anew.

    A manifest that cannot be asked for has not changed.
    """

    def look() -> str | None:
        if manifest_etag(client, manifests, shard) == etag:
            return None
        uri = manifest_uri(manifests, shard)
        return f"The shards were cut anew ({uri}): start this one again to work on what is its own now."

    return await first_reason(look, interval_seconds)
