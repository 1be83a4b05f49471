# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator asks of a shard's supervisor, checked."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..._errors import FarmError
from ..._pipelines.registry import kind_of
from ..._s3.connection import Connection
from ..._s3.uri import S3Uri
from ..config import RunConfig

_LEAST = {
    "shard": 1,
    "timeout_base": 0,
    "timeout_per_page": 0,
    "max_attempts": 1,
    "prefetch": 1,
    "prefetch_bytes": 1,
    "worker_documents": 1,
    "worker_growth_bytes": 1,
    "grace_seconds": 0,
    "outage_seconds": 0,
    "wait_timeout": 0,
}


def check_options(options: Mapping[str, Any]) -> None:
    """Check what the argument specification cannot.

    Raises:
        FarmError: an option has a value that makes no sense.
    """
    for name, least in _LEAST.items():
        if options[name] < least:
            raise FarmError(f"{name} is {options[name]}: it must be at least {least}.")
    slots = options["slots"]
    if not slots or len(set(slots)) < len(slots):
        raise FarmError(f"slots is {slots}: give at least one, and each once.")
    if options["timeout_base"] + options["timeout_per_page"] == 0:
        raise FarmError("timeout_base and timeout_per_page are both 0: no document would have any time.")
    if options["timeout_factor"] <= 0:
        raise FarmError(f"timeout_factor is {options['timeout_factor']}: it must be above 0.")
    if options["budget"] is not None and not (options["price_per_hour"] or 0) > 0:
        raise FarmError("budget needs a price_per_hour above 0: without it nobody knows what was spent.")
    if not Path(options["workdir"]).is_absolute():
        raise FarmError(f"workdir is {options['workdir']}: it must be an absolute path.")
    S3Uri.parse(options["results"])
    S3Uri.parse(options["manifests"])
    kind_of(options["pipeline"]).check(options["pipeline_options"])


def config_from(options: Mapping[str, Any], connection: Connection) -> RunConfig:
    """Return the supervisor's configuration, without credentials."""
    names = RunConfig.__dataclass_fields__.keys() & options.keys() - {"region", "endpoint_url", "profile"}
    values = {name: options[name] for name in names}
    return RunConfig(
        **values
        | {
            "slots": tuple(options["slots"]),
            "retry": tuple(sorted(options["retry"])),
            "node": options["node"] or socket.gethostname(),
        },
        region=connection.region,
        endpoint_url=connection.endpoint_url,
        profile=connection.profile,
        verify=connection.verify,
    )
