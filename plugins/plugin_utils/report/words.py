# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, times and addresses as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._formatting import percentage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_CONSOLE = "https://{region}.console.aws.amazon.com/s3/object/{bucket}?region={region}&prefix={key}"


def point_in_time(seconds: float) -> str:
    """Return seconds since the epoch as a date and a time, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def time_of_day(seconds: float) -> str:
    """Return seconds since the epoch as a time to the second, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def written_time(text: str) -> str:
    """Return a time of ISO 8601 as :func:`point_in_time` does."""
    return point_in_time(datetime.fromisoformat(text).timestamp())


def percent(part: float, whole: float) -> str:
    """Return a share, rounded down: only all of it is 100 %. Of nothing all is there."""
    return f"{percentage(part / whole if whole else 1.0)} %"


def cut_of(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what has all documents of a stage's cut: its shards, or its pieces all together.

    Args:
        values: what ``shard_info`` returned of the stage.
    """
    return list(values["shards"]) if values["pieces"] is None else [values["pieces"]]


def console_link(uri: str | None, region: str) -> str:
    """Return the address of an object in AWS's console, for who is logged in there; empty without object or region."""
    if not region or not uri:
        return ""
    try:
        parsed = S3Uri.parse(uri)
    except FarmError:
        # A record may name anything: that is shown, and is no reason for no page.
        return ""
    return _CONSOLE.format(
        region=quote(region, safe=""),
        bucket=quote(parsed.bucket, safe=""),
        key=quote(parsed.key.encode("utf-8", "surrogateescape"), safe=""),
    )
