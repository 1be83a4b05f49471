# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs, costs
from tests.support.progress import make_progress

_PROGRESS = make_progress()


def test_hours_of_all_nodes_are_paid_from_their_first_start() -> None:
    progress = {1: replace(_PROGRESS, updated_at=3600.0), 2: replace(_PROGRESS, shard=2, updated_at=7200.0)}
    assert costs({1: 0.0, 2: 3600.0}, progress, 4000, 5.0) == Costs(2.0, 10.0, 2.5)


def test_the_costs_are_told_with_the_price_of_a_thousand_pages() -> None:
    spent = costs({1: 0.0}, {1: replace(_PROGRESS, updated_at=3610.0)}, 43_210, 567.2)
    assert spent.line() == "spent: $568.78 for 1.00 node hours, $13.16 a 1,000 pages"


def test_a_clock_that_was_set_back_gives_no_money_back() -> None:
    progress = {1: _PROGRESS, 2: replace(_PROGRESS, shard=2, updated_at=3600.0)}
    assert costs({1: 7200.0, 2: 0.0}, progress, 0, 5.0).dollars == 5.0


def test_before_the_first_page_there_is_no_price_of_a_page() -> None:
    spent = costs({1: 0.0}, {1: replace(_PROGRESS, updated_at=3600.0)}, 0, 5.672)
    assert spent.dollars_per_1000_pages is None
    assert spent.line() == "spent: $5.67 for 1.00 node hours"


def test_nothing_started_costs_nothing() -> None:
    assert costs({}, {}, 0, 5.672) == Costs(0.0, 0.0, None)
