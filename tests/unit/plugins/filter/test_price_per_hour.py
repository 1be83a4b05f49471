# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.filter.price_per_hour import FilterModule

price_per_hour = FilterModule().filters()["price_per_hour"]


@pytest.mark.parametrize(("instance_type", "usd"), [("g6.12xlarge", 4.6016), ("c7i.large", None)])
def test_a_price_comes_with_its_region_and_date(instance_type: str, usd: float | None) -> None:
    assert price_per_hour(instance_type) == {"usd": usd, "region": "us-east-1", "date": "2025-11-30"}
