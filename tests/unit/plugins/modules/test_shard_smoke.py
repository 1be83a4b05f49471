# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.modules.shard_smoke import config_from

PARAMETERS: dict[str, Any] = {
    "shard": 1,
    "manifests": "s3://m/shards",
    "results": "s3://r",
    "workdir": "/work",
    "node": "node-1",
    "pipeline": "pdftext",
    "pipeline_options": {},
    "slots": ["0", "1"],
    "timeout_base": 300.0,
    "timeout_per_page": 30.0,
}


def test_a_trial_is_impatient_and_tries_each_document_once() -> None:
    config = config_from(PARAMETERS, Connection(region="r", secret_key="hidden"))
    assert (config.slots, config.max_attempts, config.outage_seconds) == (("0", "1"), 1, 60)
    assert not config.interruption_notices
    assert "hidden" not in repr(config)


def test_an_option_that_the_pipeline_does_not_know_is_refused() -> None:
    with pytest.raises(FarmError, match="remove ocr"):
        config_from(PARAMETERS | {"pipeline_options": {"ocr": True}}, Connection())
