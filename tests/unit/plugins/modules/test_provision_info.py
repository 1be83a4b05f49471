# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.modules.provision_info import ARGUMENTS, provision_info
from tests.support.emulated_account import Account

_PARAMETERS: dict[str, Any] = {name: option.get("default") for name, option in ARGUMENTS.items()} | {"project": "farm"}


def test_only_what_is_named_is_looked_at(empty_account: Account) -> None:
    result = provision_info(empty_account.connection, _PARAMETERS)
    assert result["account"] == "123456789012"
    assert not {"quota", "instance_profile", "secret"} & result.keys()


def test_all_problems_are_told_at_once(empty_account: Account) -> None:
    empty_account.server.limit(vcpus=10)
    named = {
        "instance_type": "g5.12xlarge",
        "count": 4,
        "buckets": ["gone"],
        "instance_profile": "p",
        "manage_iam": False,
        "secret": "token",
    }
    result = provision_info(empty_account.connection, _PARAMETERS | named)
    assert not result["changed"]
    assert len(result["problems"]) == 3
    assert result["secret"]["exists"] is False
