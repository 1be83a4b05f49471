# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.glossapi.farm.plugins.modules import farm_regions_info
from tests.support.emulated_account import Account


def test_the_module_looks_into_all_regions(empty_account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = {"project": "farm", "endpoint_url": empty_account.server.endpoint_url, "region": "eu-west-1"}
    with patch_module_args(arguments), pytest.raises(SystemExit):
        farm_regions_info.main()
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["nodes"], result["elsewhere"], result["unread"]) == (False, 0, {}, [])
