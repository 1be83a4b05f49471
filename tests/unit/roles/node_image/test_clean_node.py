# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.roles.node_image.files import clean_node
from ansible_collections.glossapi.farm.roles.node_image.files.clean_node import clean, main

_SECRET = "secret"
_GONE = (
    "root/.ssh/authorized_keys",
    "home/ec2-user/.ssh/authorized_keys",
    "home/ec2-user/.bash_history",
    "home/ec2-user/.aws/credentials",
    "home/glossapi/.secrets/hf_token",
    "srv/farm/.secrets/hf_token",
    "srv/farm/.cache/huggingface/token",
    "home/glossapi/.config/pip/pip.conf",
    "etc/ssh/ssh_host_ed25519_key",
    "etc/glossapi-farm/fleet.json",
    "etc/glossapi-farm/hold",
    "etc/systemd/system/multi-user.target.wants/glossapi-shard@1.service",
    "var/lib/cloud/instance/user-data.txt",
    "var/lib/amazon/ssm/Vault/Store/InstanceFingerprint",
    "var/log/journal/0123/system.journal",
    "tmp/left",
    "var/tmp/left",
    "mnt/data/state/shard_1.token",
    "mnt/data/logs/shard_1.log",
    "mnt/data/documents/shard_1/a/input.pdf",
)
_EMPTIED = ("etc/machine-id", "var/log/messages", "var/log/amazon/ssm/amazon-ssm-agent.log")
_KEPT = (
    "etc/ssh/sshd_config",
    "etc/glossapi-farm/lifetime.json",
    "etc/glossapi-farm/environment.d/caches.env",
    "etc/systemd/system/multi-user.target.wants/glossapi-farm-fleet.service",
    "opt/glossapi-farm/miniforge/bin/python",
    "home/glossapi/.bashrc",
    "mnt/data/weights/model",
    "usr/bin/python3",
    # What runs this imports from it to its end.
    "tmp/ansible_ansible.legacy.command_payload_k2n5/ansible_ansible.legacy.command_payload.zip",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root directory of a node that has worked."""
    for name in (*_GONE, *_EMPTIED, *_KEPT):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_SECRET)
    return tmp_path


def test_no_secret_key_identity_log_or_lease_stays(root: Path) -> None:
    changed = clean(root, Path("/mnt/data"), Path("/srv/farm"))
    assert [name for name in _GONE if (root / name).exists()] == []
    assert [(root / name).read_text() for name in _EMPTIED] == ["", "", ""]
    left = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.read_text()}
    assert left == set(_KEPT)
    assert str(root / "etc/machine-id") in changed


def test_a_second_time_there_is_nothing_to_take(root: Path) -> None:
    clean(root, Path("/mnt/data"), Path("/srv/farm"))
    assert clean(root, Path("/mnt/data"), Path("/srv/farm")) == []


def test_a_link_is_removed_and_what_it_leads_to_stays(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "kept"
    elsewhere.write_text(_SECRET)
    (root / "tmp" / "folder").symlink_to(elsewhere.parent)
    (root / "var" / "log" / "linked").symlink_to(elsewhere)
    clean(root, Path("/mnt/data"), Path("/srv/farm"))
    assert elsewhere.read_text() == _SECRET
    assert not (root / "tmp" / "folder").is_symlink()


def test_it_says_what_it_took(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--root", str(root), "--workdir", "/mnt/data", "--home", "/srv/farm"])
    assert f"{root}/root/.ssh\n" in capsys.readouterr().out


def test_it_is_python_3_9() -> None:
    ast.parse(Path(clean_node.__file__).read_text(), feature_version=(3, 9))
