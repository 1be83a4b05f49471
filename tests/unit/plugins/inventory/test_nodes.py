# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader

from ansible_collections.glossapi.farm.plugins.inventory import nodes
from ansible_collections.glossapi.farm.plugins.inventory.nodes import PROBLEM, InventoryModule

Read = Callable[[str], InventoryData]


class _Reader:
    """Stands for AWS's plugin: finds a node, or fails."""

    def __init__(self, failure: str) -> None:
        self.failure = failure

    def parse(self, inventory: InventoryData, _loader: Any, _path: str, cache: bool) -> None:
        assert cache
        if self.failure:
            raise AnsibleError(f"Failed to describe instances: {self.failure}")
        inventory.add_host("node-1")

    def update_cache_if_changed(self) -> None:
        assert not self.failure


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    def read(failure: str) -> InventoryData:
        asked: list[str] = []

        class Loader:
            @staticmethod
            def get(name: str) -> _Reader:
                asked.append(name)
                return _Reader(failure)

        monkeypatch.setattr(nodes, "inventory_loader", Loader)
        path = tmp_path / "aws_ec2.yml"
        path.write_text("plugin: amazon.aws.aws_ec2\n")
        inventory = InventoryData()
        plugin = InventoryModule()
        assert plugin.verify_file(str(path))
        plugin.parse(inventory, DataLoader(), str(path))
        assert asked == ["amazon.aws.aws_ec2"]
        return inventory

    return read


def test_nodes_that_can_be_listed_are_those_of_awss_plugin(read: Read) -> None:
    inventory = read("")
    assert list(inventory.hosts) == ["node-1"]
    assert PROBLEM not in inventory.groups["all"].get_vars()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("Unable to locate credentials", "Cannot list the nodes: no credentials were found"),
        (
            "An error occurred (AuthFailure) when calling the DescribeInstances operation: not able to validate",
            "Cannot list the nodes: AWS does not accept the credentials",
        ),
        (
            "An error occurred (RequestExpired) when calling the DescribeInstances operation: Request has expired.",
            "Cannot list the nodes: the session's credentials have expired: renew them",
        ),
        (
            "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: no",
            "Cannot list the nodes: the credentials may not do this",
        ),
        ("Could not connect to the endpoint", "Cannot list the nodes: Failed to describe instances: Could not connect"),
    ],
)
def test_why_they_cannot_be_listed_is_one_sentence_for_every_play(read: Read, failure: str, told: str) -> None:
    inventory = read(failure)
    assert inventory.hosts == {}
    problem = inventory.groups["all"].get_vars()[PROBLEM]
    assert problem.startswith(told)
    assert problem.endswith("aws_ec2.yml).")


def test_other_files_are_not_its_own(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yml"
    path.touch()
    assert not InventoryModule().verify_file(str(path))
