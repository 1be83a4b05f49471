# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``inventory/aws_ec2.yml`` over an emulated account: who is found, and how each is reached."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_account import tags
from tests.support.emulated_farm import PROJECT, EmulatedFarm, emulated_farm

_NODE = "OpenArchive-Shard-3"
_REACHED = "{{ ['<', ansible_connection, ansible_host, ansible_user, ansible_ssh_common_args, '>'] | join('|') }}"


def _launch(farm: EmulatedFarm, state: str = "running", **values: str) -> str:
    specification = {
        "ResourceType": "instance",
        "Tags": [{"Key": key, "Value": value} for key, value in values.items()],
    }
    ec2 = farm.account.ec2
    subnet = ec2.describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1b"]}])["Subnets"][0]
    instance_id: str = ec2.run_instances(
        ImageId="ami-12c6146b",
        InstanceType="g5.12xlarge",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet["SubnetId"],
        TagSpecifications=[specification],
    )["Instances"][0]["InstanceId"]
    if state == "stopped":
        ec2.stop_instances(InstanceIds=[instance_id])
    return instance_id


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    """A running node, a stopped one, another farm's, and the operator's own machine."""
    with emulated_farm(repository, tmp_path_factory.mktemp("inventory")) as farm:
        _launch(farm, Name=_NODE, Project=PROJECT, Shard="3")
        _launch(farm, "stopped", Name="OpenArchive-Shard-4", Project=PROJECT, Shard="4")
        _launch(farm, Name="OpenArchive-Shard-5", Project="another", Shard="5")
        _launch(farm, Name="bastion", Project=PROJECT)
        yield farm


def _instance_id(farm: EmulatedFarm) -> str:
    (found,) = (each["InstanceId"] for each in farm.account.instances() if tags(each).get("Name") == _NODE)
    return str(found)


def _reached(farm: EmulatedFarm, *options: str) -> list[str]:
    run = farm.command("ansible", _NODE, "-m", "ansible.builtin.debug", "-a", f"msg={_REACHED}", *options)
    assert run.status == 0, run.output
    # The message is wrapped and quoted, as YAML.
    found = re.search(r"<\|(.*)\|>", " ".join(run.output.split()))
    assert found, run.output
    return found[1].split("|")


@pytest.fixture(scope="module")
def listed(farm: EmulatedFarm) -> dict[str, Any]:
    run = farm.command("ansible-inventory", "--list")
    assert run.status == 0, run.output
    return dict(json.loads(run.output[run.output.index("{\n") :]))


def test_only_the_farms_running_nodes_are_found(listed: dict[str, Any]) -> None:
    assert listed["farm_nodes"]["hosts"] == [_NODE]


def test_a_node_knows_its_shard_and_is_grouped_by_zone_and_type(listed: dict[str, Any]) -> None:
    assert listed["_meta"]["hostvars"][_NODE]["farm_shard"] == 3
    assert listed["zone_us_east_1b"]["hosts"] == [_NODE]
    assert listed["type_g5_12xlarge"]["hosts"] == [_NODE]
    assert "spot_nodes" not in listed


def test_by_default_nodes_are_reached_by_ssh_through_session_manager(farm: EmulatedFarm) -> None:
    connection, host, user, arguments = _reached(farm)
    assert (connection, host, user) == ("ansible.builtin.ssh", _instance_id(farm), "ec2-user")
    assert "--document-name AWS-StartSSHSession" in arguments
    assert "ServerAliveInterval=" in arguments


def test_session_manager_alone_is_a_choice(farm: EmulatedFarm) -> None:
    connection, host, _user, _arguments = _reached(farm, "-e", "farm_connection=ssm")
    assert (connection, host) == ("amazon.aws.aws_ssm", _instance_id(farm))


def test_plain_ssh_goes_to_the_address_without_a_proxy(farm: EmulatedFarm) -> None:
    connection, host, _user, arguments = _reached(farm, "-e", "farm_connection=ssh")
    assert connection == "ansible.builtin.ssh"
    assert host.count(".") == 3
    assert "ProxyCommand" not in arguments
    assert "ServerAliveInterval=" in arguments


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs the program ssh")
def test_ssh_lets_its_key_in_and_opens_a_session_to_the_instance(farm: EmulatedFarm, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    stand_in = tmp_path / "aws"
    stand_in.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
    stand_in.chmod(0o755)
    ssh = shutil.which("ssh") or ""
    path = f"{tmp_path}:{Path(ssh).parent}:/usr/bin:/bin"
    options = ("-m", "ansible.builtin.raw", "-a", "true", "-e", "farm_ssh_public_key=/keys/a.pub")
    # The session ends at once, so that ssh cannot connect; what it asked for is what counts.
    assert farm.command("ansible", _NODE, *options, PATH=path).status != 0
    send, session, *_again = calls.read_text().splitlines()
    target = _instance_id(farm)
    assert send == (
        f"ec2-instance-connect send-ssh-public-key --region us-east-1 --instance-id {target} "
        "--instance-os-user ec2-user --ssh-public-key file:///keys/a.pub"
    )
    assert session == (
        f"ssm start-session --region us-east-1 --target {target} --document-name AWS-StartSSHSession "
        "--parameters portNumber=22"
    )


def test_nothing_tried_to_reach_aws(farm: EmulatedFarm) -> None:
    assert farm.recorder.asked == []
