# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import QueueGone
from ansible_collections.glossapi.farm.plugins.modules import node_fleet_settings as module
from ansible_collections.glossapi.farm.plugins.modules.node_fleet_settings import ARGUMENTS, settings_from, stage_from
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options

_STAGE: dict[str, Any] = {
    "stage": "text",
    "queue": "farm-text",
    "manifests": "s3://m/shards",
    "workdir": "/mnt/data",
    # As settings from the command line come.
    "max_attempts": "3",
}


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    documented = documented_options(module)
    # What hides a value from logs is no part of the documentation.
    assert documented == {
        name: {key: value for key, value in argument.items() if key != "no_log"} for name, argument in ARGUMENTS.items()
    }


def test_a_stage_has_all_options_with_their_types_and_nothing_of_a_node() -> None:
    stage = stage_from(_STAGE, "s3://r")
    assert (stage.options["max_attempts"], stage.options["results"], stage.options["slots"]) == (3, "s3://r", ["0"])
    assert not {"shard", "node", "stage"} & stage.options.keys()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stage": "clean"}, "stage is 'clean': give one of text, ocr, math"),
        ({"max_attempts": "many"}, "Of stage text: .*max_attempts"),
        ({"attempts": 3}, "Of stage text: attempts. Supported parameters include"),
        ({"manifests": None}, "Of stage text: "),
    ],
)
def test_an_option_that_is_none_is_told_with_its_stage(changes: dict[str, Any], told: str) -> None:
    given = {name: value for name, value in {**_STAGE, **changes}.items() if value is not None}
    with pytest.raises(FarmError, match=told):
        stage_from(given, "s3://r")


def test_nodes_are_told_a_queue_by_its_url(empty_account: Account) -> None:
    parameters = {
        "results": "s3://r",
        "stages": [_STAGE],
        "first_number": 5,
        "gpus": 4,
        "trial_manifests": "s3://m/shards",
        "secret": "",
        "token": None,
        "lifetime": {"budget": 9.0},
    }
    with pytest.raises(QueueGone, match="There is no queue farm-text"):
        settings_from(empty_account.connection, parameters)
    url = empty_account.client("sqs").create_queue(QueueName="farm-text")["QueueUrl"]
    settings = settings_from(empty_account.connection, parameters)
    assert settings.stages[0].queue == url
    assert (settings.first_number, settings.gpus, settings.region) == (5, 4, "us-east-1")
    assert settings.lifetime == {"budget": 9.0}
