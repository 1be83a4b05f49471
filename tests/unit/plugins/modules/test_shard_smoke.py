# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import config_from
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import FIXED_OPTIONS
from ansible_collections.glossapi.farm.plugins.modules import shard_smoke
from tests.support.module_options import documented_options


def test_the_documented_options_are_the_ones_the_module_takes() -> None:
    assert documented_options(shard_smoke) == shard_smoke.ARGUMENTS


def test_a_trial_is_impatient_and_tries_each_document_once() -> None:
    identity = {"shard": 1, "manifests": "s3://m/shards", "results": "s3://r", "workdir": "/work", "node": "node-1"}
    options = {name: argument.get("default") for name, argument in shard_smoke.ARGUMENTS.items()} | identity
    config = config_from(options, Connection(region="r", secret_key="hidden"), **FIXED_OPTIONS)
    assert (config.max_attempts, config.outage_seconds) == (1, 60)
    assert not config.interruption_notices
    assert "hidden" not in repr(config)
