# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.glossapi.farm.plugins.modules import owned_resources_info
from tests.support.emulated_account import Account


def test_somebody_elses_group_is_told_with_its_id(empty_account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    group = empty_account.ec2.create_security_group(GroupName="nodes", Description="x")["GroupId"]
    arguments = {
        "project": "farm",
        "security_group": "nodes",
        "endpoint_url": empty_account.server.endpoint_url,
        "region": "us-east-1",
    }
    with patch_module_args(arguments), pytest.raises(SystemExit):
        owned_resources_info.main()
    result = json.loads(capsys.readouterr().out)
    assert result["resources"]["security_group"] == {"exists": True, "ending": False, "owned": False, "id": group}
    assert group in result["problems"][0]
    assert not result["changed"]
