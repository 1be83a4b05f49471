# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``inventory/aws_ec2.yml`` over an emulated account: who is found, and how each is reached."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_farm import PROJECT, EmulatedFarm, emulated_farm

_NODE = "OpenArchive-Shard-3"
_REACHED = "{{ ['<', ansible_connection, ansible_host, ansible_user, ansible_ssh_common_args, '>'] | join('|') }}"


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    """A running node, a stopped one, another farm's, and the operator's own machine."""
    with emulated_farm(repository, tmp_path_factory.mktemp("inventory")) as farm:
        farm.launch(Name=_NODE, Project=PROJECT, Shard="3")
        farm.launch("stopped", Name="OpenArchive-Shard-4", Project=PROJECT, Shard="4")
        farm.launch(Name="OpenArchive-Shard-5", Project="another", Shard="5")
        farm.launch(Name="bastion", Project=PROJECT)
        yield farm


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
    assert (connection, host, user) == ("ansible.builtin.ssh", farm.instance_id(_NODE), "ec2-user")
    assert "ProxyCommand=" in arguments
    assert "--instance %h --port %p --user %r" in arguments
    assert "ServerAliveInterval=" in arguments


def test_session_manager_alone_is_a_choice(farm: EmulatedFarm) -> None:
    connection, host, _user, _arguments = _reached(farm, "-e", "farm_connection=ssm")
    assert (connection, host) == ("amazon.aws.aws_ssm", farm.instance_id(_NODE))


def test_plain_ssh_goes_to_the_address_without_a_proxy(farm: EmulatedFarm) -> None:
    connection, host, _user, arguments = _reached(farm, "-e", "farm_connection=ssh")
    assert connection == "ansible.builtin.ssh"
    assert host.count(".") == 3
    assert "ProxyCommand" not in arguments
    assert "ServerAliveInterval=" in arguments


def test_ssh_lets_its_key_in_and_opens_a_session_to_the_instance(farm: EmulatedFarm, tmp_path: Path) -> None:
    key = tmp_path / "a %h key.pub"
    key.touch()
    options = ("-m", "ansible.builtin.raw", "-a", "echo reached", "-e", json.dumps({"farm_ssh_public_key": str(key)}))
    run = farm.command("ansible", _NODE, *options)
    assert (run.status, "reached" in run.output) == (0, True), run.output
    target = farm.instance_id(_NODE)
    key_let_in = (
        f"ec2-instance-connect send-ssh-public-key --region us-east-1 --instance-id {target} "
        f"--instance-os-user ec2-user --ssh-public-key file://{key}"
    )
    session = (
        f"ssm start-session --region us-east-1 --target {target} --document-name AWS-StartSSHSession "
        "--parameters portNumber=22"
    )
    assert farm.sessions.calls() == [key_let_in, session]


def test_without_credentials_there_is_a_sentence_and_nothing_is_played(farm: EmulatedFarm) -> None:
    run = farm.play("stop", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert run.status != 0
    output = " ".join(run.output.split())
    assert "msg: 'Cannot list the nodes: no credentials were found: set a profile" in output
    assert "Failed to parse inventory" not in output
    assert "Stop the node's shard" not in output


def test_settings_that_name_another_farm_than_the_inventory_does_are_refused(farm: EmulatedFarm) -> None:
    run = farm.play("stop", "-e", "farm_region=eu-west-1", "-e", "farm_project=other")
    assert run.status != 0
    output = " ".join(run.output.split())
    assert "farm_region is eu-west-1, and the inventory looks for nodes in us-east-1" in output
    assert f"farm_project is other, and the inventory looks for nodes of {PROJECT}" in output
    assert "Stop the node's shard" not in output


def test_nothing_tried_to_reach_aws(farm: EmulatedFarm) -> None:
    assert farm.recorder.asked == []
