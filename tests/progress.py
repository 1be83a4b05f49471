# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor says of its shard, for tests of whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import Progress

_PROGRESS = Progress(
    shard=1,
    node="OpenArchive-Shard-1",
    state="running",
    started_at=0.0,
    updated_at=100.0,
    documents=4,
    pages=1000,
    done=2,
    pages_done=200,
    failed=1,
    pages_failed=100,
    pending=1,
    pages_per_second=2.0,
    pipeline="pdftext",
    slots={"0": "", "1": ""},
)


def make_progress(**fields: Any) -> Progress:
    """Return the progress of a supervisor in the middle of its shard, but for the fields that are given."""
    return replace(_PROGRESS, **fields)
