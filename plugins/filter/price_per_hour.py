# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an hour of an instance type costs, as a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.prices import (
    PRICES_DATE,
    PRICES_REGION,
    on_demand_price,
)

DOCUMENTATION = r"""
name: price_per_hour
short_description: What an hour of an instance type costs
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks an EC2 instance type up in a dated list of prices on demand, of Linux in one region.
options:
  _input:
    description: The instance type.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what a node costs
  ansible.builtin.debug:
    msg: "{{ ('g6.12xlarge' | glossapi.farm.price_per_hour).usd }} USD an hour"
"""

RETURN = r"""
_value:
  description: The price and where it is from.
  type: dict
  contains:
    usd:
      description: USD an hour; null where it is not known.
      type: float
    region:
      description: The region that the list is of.
      type: str
    date:
      description: When the list was made, as C(2025-11-30).
      type: str
"""


def price_per_hour(instance_type: str) -> dict[str, Any]:
    """Return the price of an instance type, and the list's region and date."""
    return {"usd": on_demand_price(instance_type), "region": PRICES_REGION, "date": PRICES_DATE}


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"price_per_hour": price_per_hour}
