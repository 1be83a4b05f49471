# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import check_options, config_from
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

PARAMETERS: dict[str, Any] = {
    "shard": 1,
    "manifests": "s3://m/shards",
    "results": "s3://r",
    "workdir": "/work",
    "state": "started",
    "node": None,
    "pipeline": "pdftext",
    "pipeline_options": {},
    "slots": ["0", "1"],
    "timeout_base": 300.0,
    "timeout_per_page": 30.0,
    "max_attempts": 2,
    "prefetch": 8,
    "prefetch_bytes": 1000,
    "worker_documents": 500,
    "worker_growth_bytes": 1000,
    "timeout_factor": 1.0,
    "retry": [],
    "retry_label": "",
    "redo_stale": False,
    "grace_seconds": 60.0,
    "outage_seconds": 600.0,
    "interruption_notices": True,
    "budget": 100.0,
    "price_per_hour": 5.0,
    "wait_timeout": 100,
}


def test_sensible_options_are_accepted() -> None:
    check_options(PARAMETERS)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"shard": 0}, "shard is 0"),
        ({"max_attempts": 0}, "max_attempts is 0"),
        ({"timeout_factor": 0}, "timeout_factor is 0"),
        ({"price_per_hour": None}, "budget needs a price_per_hour"),
        ({"slots": []}, "slots"),
        ({"slots": ["0", "0"]}, "each once"),
        ({"workdir": "work"}, "absolute"),
        ({"results": "r"}, "s3://"),
        ({"timeout_base": 0, "timeout_per_page": 0}, "both 0"),
        ({"pipeline_options": {"ocr": True}}, "remove ocr"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_its_name(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        check_options(PARAMETERS | options)


def test_the_supervisors_configuration_has_the_connection_and_not_its_secrets() -> None:
    connection = Connection(region="r", endpoint_url="http://x", access_key="key-id", secret_key="hidden")
    config = config_from(PARAMETERS, connection)
    assert (config.region, config.endpoint_url, config.slots) == ("r", "http://x", ("0", "1"))
    assert config.interruption_notices
    assert config.node
    assert "hidden" not in repr(config)
    assert "key-id" not in repr(config)
