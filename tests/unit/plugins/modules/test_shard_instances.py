# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.modules.shard_instances import ARGUMENTS, shard_instances
from tests.support.emulated_account import GROUP, Account

_PARAMETERS: dict[str, Any] = {
    **{name: option.get("default") for name, option in ARGUMENTS.items()},
    "project": "farm",
    "count": 1,
    "instance_type": "g5.12xlarge",
    "instance_profile": "glossapi-farm-node",
    "security_group": GROUP,
}


def test_the_state_decides_whether_there_are_instances(account: Account) -> None:
    assert shard_instances(account.connection, _PARAMETERS, check_mode=False)["changed"]
    assert len(account.instances()) == 1
    absent = _PARAMETERS | {"state": "absent"}
    assert shard_instances(account.connection, absent, check_mode=True)["changed"]
    assert len(account.instances()) == 1
    shard_instances(account.connection, absent, check_mode=False)
    assert account.instances() == []


def test_a_number_out_of_range_is_told(account: Account) -> None:
    with pytest.raises(FarmError, match="count is 0"):
        shard_instances(account.connection, _PARAMETERS | {"count": 0}, check_mode=False)
