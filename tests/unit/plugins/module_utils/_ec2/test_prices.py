# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2 import prices
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.prices import PRICES_DATE, on_demand_price


@pytest.mark.parametrize(
    ("instance_type", "price"),
    [("g5.12xlarge", 5.672), ("g6e.12xlarge", 10.49264), ("p5.48xlarge", 55.04), ("c7i.large", None), ("", None)],
)
def test_a_type_has_its_own_price_or_none(instance_type: str, price: float | None) -> None:
    assert on_demand_price(instance_type) == price


def test_the_list_has_a_date_and_every_gpu_family_that_nodes_may_be_of() -> None:
    assert date(2025, 1, 1) < date.fromisoformat(PRICES_DATE) <= datetime.now(UTC).date()
    families = {instance_type.partition(".")[0] for instance_type in prices._PRICES}
    assert {"g5", "g6", "g6e", "p4d", "p5"} <= families
    assert all(0.1 < price < 200 for price in prices._PRICES.values())
