# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.filter.misspelt_variables import FilterModule

misspelt_variables = FilterModule().filters()["misspelt_variables"]
_OF_A_RUN = ["compare_again", "confirm", "retry", "retry_label", "watch"]


def test_what_playbooks_take_and_what_is_like_none_of_it_is_not_told() -> None:
    own = ["ansible_become", "bucket", "again", "weights_region", "farm_shards"]
    assert misspelt_variables([*_OF_A_RUN, *own], _OF_A_RUN) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("retyr", "retry"),
        ("comfirm", "confirm"),
        ("retry_lable", "retry_label"),
        ("compare_agian", "compare_again"),
        ("compare_anew", "compare_again"),
        ("retry_classes_of_failures", "retry or retry_label"),
    ],
)
def test_a_slip_or_what_begins_alike_is_told_with_what_may_be_meant(name: str, meant: str) -> None:
    assert misspelt_variables([name, name], _OF_A_RUN) == [
        f"{name} is no variable of these playbooks: did you mean {meant}? One of your own needs another name."
    ]
