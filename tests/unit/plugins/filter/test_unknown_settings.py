# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.filter.unknown_settings import FilterModule

unknown_settings = FilterModule().filters()["unknown_settings"]
_KNOWN = ["farm_shards", "farm_results", "farm_region"]


def test_settings_are_not_told() -> None:
    assert unknown_settings(["farm_results", "farm_shards"], _KNOWN, {}, []) == []


def test_every_other_name_is_told_once_with_the_nearest_setting() -> None:
    assert unknown_settings(["farm_shrads", "farm_shards", "farm_result", "farm_result"], _KNOWN, {}, []) == [
        "farm_result is no setting: did you mean farm_results?",
        "farm_shrads is no setting: did you mean farm_shards?",
    ]


def test_a_name_that_is_like_none_is_told_alone() -> None:
    assert unknown_settings(["farm_x", "quota"], _KNOWN, {}, [])[1] == "quota is no setting."


def test_an_old_name_is_told_with_its_new_one() -> None:
    assert unknown_settings(["farm_regions"], _KNOWN, {"farm_regions": "farm_zones"}, []) == [
        "farm_regions is called farm_zones now."
    ]


def test_a_name_that_is_far_from_all_is_not_told_with_another() -> None:
    assert unknown_settings(["farm_hosts"], ["farm_slots"], {}, []) == ["farm_hosts is no setting."]


def test_what_is_given_for_one_run_is_told_so() -> None:
    assert unknown_settings(["farm_retry"], ["farm_entry"], {}, ["retry"]) == [
        "farm_retry is no setting: it is given for one run, as -e retry=..."
    ]
