# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markers that speak of another input, other options or another pipeline than there are now."""

from __future__ import annotations

from dataclasses import dataclass

from .markers import Marker


@dataclass(frozen=True)
class Expected:
    """What a document would be made from and by now.

    Attributes:
        etag: of the input; ``None`` where it is not there any more.
        revision: of the pipeline; empty where it has none.
    """

    etag: str | None
    pipeline: str
    options_hash: str
    revision: str


def stale_reason(marker: Marker, expected: Expected) -> str | None:
    """Return what has changed since the marker was written, ``None`` where nothing has.

    What the marker does not know, such as the etag of an input that could not be read, has not changed.
    """
    pairs = {
        "input": (marker.etag, expected.etag),
        "pipeline": (marker.pipeline, expected.pipeline),
        "options": (marker.options_hash, expected.options_hash),
        "revision": (marker.revision, expected.revision),
    }
    changed = [name for name, (was, now) in pairs.items() if was and now and was != now]
    return ", ".join(changed) or None
