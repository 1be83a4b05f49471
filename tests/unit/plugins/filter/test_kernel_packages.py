# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.filter.kernel_packages import FilterModule


def test_the_filter_names_the_packages() -> None:
    packages = FilterModule().filters()["kernel_packages"]
    assert packages("6.1.158-178.288.amzn2023.x86_64")[0] == "kernel-devel-6.1.158-178.288.amzn2023.x86_64"


def test_another_systems_kernel_is_an_error_of_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="Amazon Linux 2023"):
        FilterModule().filters()["kernel_packages"]("6.8.0-1021-aws")
