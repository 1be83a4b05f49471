# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.glossapi.farm.plugins.modules import reach_node


def test_on_a_host_it_says_that_it_works_on_the_controller(capsys: pytest.CaptureFixture[str]) -> None:
    with patch_module_args({}), pytest.raises(SystemExit):
        reach_node.main()
    assert "works on the controller" in json.loads(capsys.readouterr().out)["msg"]
