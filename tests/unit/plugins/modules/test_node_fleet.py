# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.modules import node_fleet as module
from ansible_collections.glossapi.farm.plugins.modules.node_fleet import ARGUMENTS, node_fleet
from tests.support.emulated_account import GROUP, PROFILE, Account
from tests.support.module_options import documented_options

_PARAMETERS: dict[str, Any] = {
    **{name: option.get("default") for name, option in ARGUMENTS.items()},
    "project": "farm",
    "max_nodes": 2,
    "instance_types": ["g5.12xlarge"],
    "image_id": "ami-12c6146b",
    "queues": ["farm-text"],
    "instance_profile": PROFILE,
    "security_group": GROUP,
}


def test_the_state_decides_whether_there_is_a_fleet(account: Account) -> None:
    account.client("sqs").create_queue(QueueName="farm-text")
    image_tags = [{"Key": "Project", "Value": "farm"}, {"Key": "Digest", "Value": "of what went in"}]
    account.ec2.create_tags(Resources=[_PARAMETERS["image_id"]], Tags=image_tags)
    made = node_fleet(account.connection, _PARAMETERS, check_mode=False)
    assert made["fleet"]["max_capacity"] == 8
    paused = node_fleet(account.connection, _PARAMETERS | {"state": "paused"}, check_mode=False)
    assert paused["fleet"]["paused"]
    absent = _PARAMETERS | {"state": "absent"}
    assert node_fleet(account.connection, absent, check_mode=True)["changed"]
    assert node_fleet(account.connection, absent, check_mode=False)["changed"]
    assert not node_fleet(account.connection, absent, check_mode=False)["changed"]


def test_the_options_are_those_that_are_documented() -> None:
    arguments = {name: {**option} for name, option in ARGUMENTS.items()}
    for option in arguments.values():
        option.pop("no_log", None)
    assert documented_options(module) == arguments
