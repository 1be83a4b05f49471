# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import CONNECTION_FIELDS, RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import (
    config_from,
    option_names,
    worker_arguments,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

CONNECTION = Connection(region="r", endpoint_url="http://x", access_key="key-id", secret_key="hidden")
IDENTITY = {"shard": 1, "manifests": "s3://m/shards", "results": "s3://r", "workdir": "/work"}
DEFAULTS = {name: argument.get("default") for name, argument in worker_arguments().items()}
PARAMETERS: dict[str, Any] = DEFAULTS | IDENTITY | {"budget": 100.0, "price_per_hour": 5.0}


def test_the_arguments_are_those_of_the_configuration_with_its_defaults() -> None:
    arguments = worker_arguments()
    assert arguments.keys() == {field.name for field in fields(RunConfig)} - CONNECTION_FIELDS
    assert arguments["workdir"] == {"type": "path", "required": True}
    assert arguments["slots"] == {"type": "list", "elements": "str", "default": ["0"]}
    assert arguments["pipeline_options"] == {"type": "dict", "default": {}}
    assert arguments["redo_stale"] == {"type": "bool", "default": False}
    assert arguments["workers_per_gpu"] == {"type": "raw", "default": 0}
    assert arguments["prefetch"] == {"type": "int", "default": 8}


def test_a_trial_takes_what_says_how_a_document_is_had_and_processed() -> None:
    taken = (
        "pipeline",
        "pipeline_options",
        "slots",
        "workers_per_gpu",
        "timeout_base",
        "timeout_per_page",
        "requester_pays",
        "ocr_follows",
        "math_follows",
    )
    assert option_names(trial=True) == taken
    assert set(taken) < set(option_names())


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"shard": 0}, "shard is 0"),
        ({"max_attempts": 0}, "max_attempts is 0"),
        ({"timeout_factor": 0}, "timeout_factor is 0"),
        ({"max_failure_share": -0.1}, "max_failure_share is -0.1: it must be at least 0"),
        ({"max_failure_share": 20}, "max_failure_share is 20: it must be at most 1"),
        ({"timeout_base": float("nan")}, "timeout_base is nan"),
        ({"price_per_hour": 0}, "budget needs a price_per_hour"),
        ({"slots": []}, "slots"),
        ({"slots": ["0", "0"]}, "each once"),
        ({"slots": ["0:1", "0:2"]}, "name GPUs alone"),
        ({"workers_per_gpu": -1}, "workers_per_gpu is -1: it must be at least 0"),
        ({"workers_per_gpu": 33}, "workers_per_gpu is 33: it must be at most 32"),
        ({"workers_per_gpu": "many"}, "workers_per_gpu is 'many': give a number, or auto"),
        ({"workers_per_gpu": True}, "workers_per_gpu is True: give a number, or auto"),
        ({"workdir": "work"}, "absolute"),
        ({"results": "r"}, "s3://"),
        ({"queue": "farm-text"}, "is no URL of a queue"),
        (
            {
                "queue": "https://sqs.us-east-1.amazonaws.com/1/farm-text",
                "pipeline": "command",
                "pipeline_options": {"command": "upload {uri} {output}"},
            },
            "would upload all pieces' outputs to one place",
        ),
        ({"timeout_base": 0, "timeout_per_page": 0}, "both 0"),
        ({"pipeline_options": {"ocr": True}}, "remove ocr"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_its_name(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        config_from(PARAMETERS | options, CONNECTION)


def test_workers_per_gpu_may_be_text_and_auto_leaves_them_open() -> None:
    given = [config_from(PARAMETERS | {"workers_per_gpu": value}, CONNECTION) for value in ("3", 3, "auto")]
    assert [config.workers_per_gpu for config in given] == [3, 3, 0]


def test_the_supervisors_configuration_has_the_connection_and_not_its_secrets() -> None:
    config = config_from(PARAMETERS | {"slots": ["0", "1"], "retry": ["timeout", "gpu"]}, CONNECTION)
    assert (config.region, config.endpoint_url, config.slots) == ("r", "http://x", ("0", "1"))
    assert config.retry == ("gpu", "timeout")
    assert config.node
    assert "hidden" not in repr(config)
    assert "key-id" not in repr(config)


def test_what_the_module_fixes_is_not_left_to_the_operator() -> None:
    assert config_from(PARAMETERS | {"max_attempts": 9}, CONNECTION, max_attempts=1).max_attempts == 1
