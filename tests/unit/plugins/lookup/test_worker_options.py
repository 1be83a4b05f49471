# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.glossapi.farm.plugins.lookup.worker_options import LookupModule

VARIABLES = {
    "farm_gpus": 2,
    "farm_slots": trust_as_template("{{ range(farm_gpus) | map('string') | list }}"),
    "farm_prefetch": 4,
    "farm_shards": 3,
    "prefetch": 9,
}


def look_up(*terms: str) -> list[dict[str, Any]]:
    templar = Templar(loader=DataLoader(), variables=VARIABLES)
    found: list[dict[str, Any]] = LookupModule(loader=DataLoader(), templar=templar).run(list(terms), VARIABLES)
    return found


def test_each_option_with_a_setting_has_its_value_and_no_other_setting_is_one() -> None:
    assert look_up() == [{"slots": ["0", "1"], "prefetch": 4}]


def test_a_trial_takes_its_own_alone() -> None:
    assert look_up("trial") == [{"slots": ["0", "1"]}]


def test_what_is_no_term_is_refused() -> None:
    with pytest.raises(AnsibleLookupError, match="takes nothing or 'trial'"):
        look_up("trail")
