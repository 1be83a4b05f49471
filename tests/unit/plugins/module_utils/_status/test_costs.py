# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs, costs


def test_the_hours_that_were_worked_are_paid_and_the_pages_that_were_done_share_them() -> None:
    assert costs(7200.0, 4000, 5.0) == Costs(7200.0, 10.0, 2.5)


def test_the_costs_are_told_with_the_price_of_a_thousand_pages() -> None:
    spent = costs(3610.0, 43_210, 567.2)
    assert spent.line() == "spent: $568.78 for 1.00 node hours, $13.16 a 1,000 pages"


def test_before_the_first_page_there_is_no_price_of_a_page() -> None:
    spent = costs(3600.0, 0, 5.672)
    assert spent.usd_per_1000_pages is None
    assert spent.line() == "spent: $5.67 for 1.00 node hours"


def test_nothing_started_costs_nothing() -> None:
    assert costs(0.0, 0, 5.672) == Costs(0.0, 0.0, None)
