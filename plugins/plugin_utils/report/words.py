# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, numbers and times as a page can show them, whatever is in them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from urllib.parse import quote

from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_CONSOLE = "https://{region}.console.aws.amazon.com/s3/object/{bucket}?region={region}&prefix={key}"


def printable(text: str) -> str:
    """Return the text with what cannot be seen, or changes how the rest is seen, written as an escape.

    A document's name may hold control characters, marks that turn the direction of writing, and bytes that are no
    UTF-8.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def one_line(text: str | None) -> str:
    """Return a message in one line."""
    return printable(" ".join((text or "").split()))


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
    tenths = math.floor(part / whole * 1000) if whole else 1000
    return f"{tenths / 10:.1f} %"


def console_link(uri: str | None, region: str) -> str:
    """Return the address of an object in AWS's console, for who is logged in there; empty without object or region."""
    if not region or not uri or not uri.startswith("s3://"):
        return ""
    parsed = S3Uri.parse(uri)
    return _CONSOLE.format(
        region=quote(region, safe=""),
        bucket=quote(parsed.bucket, safe=""),
        key=quote(parsed.key.encode("utf-8", "surrogateescape"), safe=""),
    )
