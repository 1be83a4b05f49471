# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.node import NodeRecord, NodeRun

HOUR = 3600.0


def test_a_pause_costs_the_disk_alone() -> None:
    before, after = NodeRun(0.0, 2 * HOUR, 10.0), NodeRun(50 * HOUR, 51 * HOUR, 5.0)
    node = NodeRecord(runs=(before, after), storage_per_hour=0.02)
    assert node.seconds == 3 * HOUR
    assert node.usd == 15.0
    assert node.storage_usd == pytest.approx(51 * 0.02)


def test_a_node_that_has_said_nothing_costs_nothing() -> None:
    node = NodeRecord(storage_per_hour=0.02)
    assert (node.seconds, node.usd, node.storage_usd) == (0, 0, 0)
