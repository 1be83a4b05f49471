# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.driver_problem import FilterModule

driver_problem = FilterModule().filters()["driver_problem"]


def test_a_version_that_yaml_made_a_number_of_is_compared_too() -> None:
    assert driver_problem(580, {"server": "580"}) == ""
    assert "server needs 580 or newer" in driver_problem(570, {"server": "580"})


def test_what_is_no_version_is_an_error_of_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="'newest' is no version"):
        driver_problem("newest", {"server": "580"})
