# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import service_client
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.states import describe_states
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.emulated_account import Account


def _states(connection: Connection, instance_id: str) -> dict[str, str]:
    return describe_states(service_client(connection, "ec2"), service_client(connection, "ssm"), instance_id)


def test_an_agent_that_has_not_registered_is_told_of(empty_account: Account) -> None:
    launched = empty_account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    instance_id = launched[0]["InstanceId"]
    told = f"EC2: {instance_id} is running. Systems Manager: its agent is"
    assert _states(empty_account.connection, instance_id)["told"] == f"{told} Online."
    empty_account.server.limit(offline=[instance_id])
    assert _states(empty_account.connection, instance_id)["told"] == f"{told} not registered."


def test_an_instance_that_was_stopped_says_by_whom(empty_account: Account) -> None:
    launched = empty_account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    instance_id = launched[0]["InstanceId"]
    empty_account.ec2.stop_instances(InstanceIds=[instance_id])
    states = _states(empty_account.connection, instance_id)
    assert (states["ec2"], states["systems_manager"]) == ("stopped", "not registered")
    assert f"EC2: {instance_id} is stopped (" in states["told"]


def test_what_cannot_be_read_is_told_and_no_failure(empty_account: Account) -> None:
    told = _states(empty_account.connection, "i-00000000000000000")["told"]
    assert "EC2 has no instance i-00000000000000000 in this region: look at farm_region." in told
    assert "Systems Manager: its agent is not registered." in told
