# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A node's, without a budget; its results are nowhere."""
    return Settings(
        node="OpenArchive-Shard-1",
        region="us-east-1",
        results="s3://nowhere/run",
        workdir=str(tmp_path / "work"),
        last_stage="ocr",
        price_per_hour=6.0,
        storage_per_hour=0.5,
        idle_minutes=60.0,
        finished_minutes=30.0,
        lifetime_hours=24.0,
        budget=0.0,
        alarm="",
        hold=str(tmp_path / "hold"),
        mark=str(tmp_path / "mark"),
    )
