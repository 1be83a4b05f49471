# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.nodes.node import Node, NodeOptions

_KEY = "ssh-ed25519 AAAA test"


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(NodeOptions("node1", instance_stores=2, instance_store_gib=0.01), tmp_path, "f1-0", "f1", "198.18.0.11")


def test_a_new_machine_has_an_identity_of_its_own(node: Node, tmp_path: Path) -> None:
    identities = set()
    for _machine in range(2):
        node._folder.joinpath("changes").mkdir(exist_ok=True)
        (tmp_path / "changes" / "file").touch()
        node.install(None, _KEY)  # type: ignore[arg-type]
        identities.add((tmp_path / "machine-id").read_text())
        assert not (tmp_path / "changes").exists()
    assert len(identities) == 2


def test_a_stopped_and_started_machine_keeps_its_root_and_loses_its_stores(node: Node, tmp_path: Path) -> None:
    node.install(None, _KEY)  # type: ignore[arg-type]
    (tmp_path / "changes").mkdir()
    stores = [tmp_path / f"instance_store_{number}.disk" for number in range(2)]
    for store in stores:
        store.write_bytes(b"data")
    node.install(None, _KEY, root=False)  # type: ignore[arg-type]
    assert (tmp_path / "changes").exists()
    assert not any(store.read_bytes().startswith(b"data") for store in stores)


def test_a_node_is_told_its_name_address_disks_and_who_may_log_in(node: Node) -> None:
    node.install(None, _KEY)  # type: ignore[arg-type]
    files = node._files(["loop0 Amazon_EC2_NVMe_Instance_Storage AWS1"])
    assert files["etc/hostname"] == "node1"
    assert files["etc/emulated-node/address"] == "198.18.0.11/24"
    assert files["etc/emulated-node/disks"] == "loop0 Amazon_EC2_NVMe_Instance_Storage AWS1"
    assert files["home/ec2-user/.ssh/authorized_keys"] == _KEY


def test_a_node_sees_its_own_disks_and_its_own_bridge(node: Node, tmp_path: Path) -> None:
    command = node._command(tmp_path / "root", [Path("/dev/loop0"), Path("/dev/loop1")])
    assert [word for word in command if word.startswith("--bind=")] == ["--bind=/dev/loop0", "--bind=/dev/loop1"]
    assert "--network-bridge=f1" in command
