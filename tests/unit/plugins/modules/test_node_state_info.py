# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.glossapi.farm.plugins.modules import node_state_info
from tests.support.emulated_account import Account


def test_an_instance_that_runs_has_both_states(empty_account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    launched = empty_account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    arguments = {
        "instance_id": launched[0]["InstanceId"],
        "endpoint_url": empty_account.server.endpoint_url,
        "region": "us-east-1",
    }
    with patch_module_args(arguments), pytest.raises(SystemExit):
        node_state_info.main()
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["ec2"], result["systems_manager"]) == (False, "running", "Online")
