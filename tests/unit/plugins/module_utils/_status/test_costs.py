# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import NodeRecord, NodeRun
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs, PaidTime, costs, paid_time
from ansible_collections.glossapi.farm.plugins.module_utils._status.efforts import Efforts

HOUR = 3600.0


def test_the_hours_that_were_worked_are_paid_and_the_pages_that_were_done_share_them() -> None:
    assert costs(PaidTime(other_seconds=7200.0), 4000, 5.0) == Costs(7200.0, 10.0, 2.5)


def test_the_costs_are_told_with_the_price_of_a_thousand_pages() -> None:
    spent = costs(PaidTime(other_seconds=3610.0), 43_210, 567.2)
    assert spent.line() == "spent: $568.78 for 1.00 node hours, $13.16 a 1,000 pages"


def test_before_the_first_page_there_is_no_price_of_a_page() -> None:
    spent = costs(PaidTime(other_seconds=3600.0), 0, 5.672)
    assert spent.usd_per_1000_pages is None
    assert spent.line() == "spent: $5.67 for 1.00 node hours"


def test_nothing_started_costs_nothing() -> None:
    assert costs(PaidTime(), 0, 5.672) == Costs(0.0, 0.0, None)


def test_what_nodes_say_themselves_is_not_counted_again_by_their_supervisors() -> None:
    idle = NodeRecord("one", runs=(NodeRun(0.0, 2 * HOUR, 11.0),), storage_per_hour=0.5)
    efforts = Efforts(Effort(3 * HOUR, 0), seconds_by_node={"one": 2 * HOUR, "two": HOUR})
    paid = paid_time([idle], efforts)
    assert paid == PaidTime(2 * HOUR, 11.0, 1.0, HOUR)
    spent = costs(paid, 0, 6.0)
    assert spent == Costs(3 * HOUR, 18.0, None, 1.0)
    assert spent.line() == "spent: $18.00 for 3.00 node hours, $1.00 of it for disks"


def test_nodes_that_idle_cost_and_a_pause_of_two_days_costs_their_disks_alone() -> None:
    price, disk = 5.672, 200 * 0.08 / 730
    before, after = NodeRun(0.0, HOUR, price), NodeRun(49 * HOUR, 50 * HOUR, price)
    nodes = [NodeRecord(str(number), runs=(before, after), storage_per_hour=disk) for number in range(4)]
    spent = costs(paid_time(nodes, Efforts(Effort())), 0, price)
    assert spent.usd == pytest.approx(4 * (2 * price + 50 * disk))
    assert spent.usd == pytest.approx(49.76, abs=0.01)
