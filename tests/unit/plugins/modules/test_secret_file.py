# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.modules.secret_file import have_secret
from tests.support.emulated_account import Account


def test_rotation_is_a_second_run(empty_account: Account, tmp_path: Path) -> None:
    client = empty_account.client("secretsmanager")
    client.create_secret(Name="token", SecretString="hf_old")
    path = tmp_path / "token"
    assert have_secret(empty_account.connection, "token", path, check_mode=True)
    assert not path.exists()
    assert have_secret(empty_account.connection, "token", path, check_mode=False)
    assert not have_secret(empty_account.connection, "token", path, check_mode=False)
    client.put_secret_value(SecretId="token", SecretString="hf_new")
    assert have_secret(empty_account.connection, "token", path, check_mode=True)
    assert path.read_text() == "hf_old"
    assert have_secret(empty_account.connection, "token", path, check_mode=False)
    assert path.read_text() == "hf_new"
    assert path.stat().st_mode & 0o777 == 0o600
