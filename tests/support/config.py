# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor's configuration, for tests of whatever works by it."""

from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig

_FIELDS: dict[str, Any] = {
    "shard": 1,
    "manifests": "s3://m/shards",
    "results": "s3://r/run",
    "workdir": "/work",
    "node": "node-1",
}


def a_config(**fields: Any) -> RunConfig:
    """Return a configuration with the modules' defaults, but for the fields that are given."""
    return RunConfig(**_FIELDS | fields)
