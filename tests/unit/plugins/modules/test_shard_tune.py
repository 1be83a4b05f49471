# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import config_from
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.run import FIXED_OPTIONS
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.tune import Found, Request
from ansible_collections.glossapi.farm.plugins.modules import shard_tune
from tests.support.module_options import documented_options

DEFAULTS = {name: argument.get("default") for name, argument in shard_tune.ARGUMENTS.items()}
IDENTITY = {"shard": 1, "manifests": "s3://m/shards", "results": "s3://r", "workdir": "/work", "node": "node-1"}


def test_the_documented_options_are_the_ones_the_module_takes() -> None:
    assert documented_options(shard_tune) == shard_tune.ARGUMENTS


def test_what_is_asked_for_is_what_is_tried() -> None:
    asked = {"counts": "s3://m/table.csv", "number": 2, "numbers": [1, 2], "again": True}
    request = Request("s3://m/table.csv", 2, (1, 2), documents=12, most_pages=60, minutes=60, again=True)
    assert shard_tune.request_of(DEFAULTS | asked) == request


def test_check_mode_says_as_much_before_the_count_as_after_it() -> None:
    assert shard_tune.NOT_YET.keys() == Found().to_result().keys()
    assert shard_tune.NOT_YET["changed"]


def test_no_document_of_a_trial_is_tried_twice_or_stops_the_others() -> None:
    config = config_from(DEFAULTS | IDENTITY, Connection(region="r"), **FIXED_OPTIONS)
    assert (config.max_attempts, config.max_failure_share, config.grace_seconds) == (1, 1, 0)
