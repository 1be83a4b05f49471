# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.modules import node_fleet_info as module
from ansible_collections.glossapi.farm.plugins.modules.node_fleet_info import ARGUMENTS
from tests.support.module_options import documented_options


def test_the_options_are_those_that_are_documented() -> None:
    assert documented_options(module) == ARGUMENTS
