# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.filter.worker_problems import FilterModule

worker_problems = FilterModule().filters()["worker_problems"]


def test_the_defaults_are_in_order_also_as_text_from_the_command_line() -> None:
    assert worker_problems({}) == []
    assert worker_problems({"prefetch": "4", "slots": "0,1", "interruption_notices": "yes"}) == []
    assert worker_problems({"workers_per_gpu": "auto"}) == worker_problems({"workers_per_gpu": "2"}) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_attempts": 0}, "farm_max_attempts is 0: it must be at least 1."),
        ({"workers_per_gpu": "all"}, "farm_workers_per_gpu is 'all': give a number, or auto."),
        ({"slots": []}, "farm_slots is []: give at least one, and each once."),
        ({"budget": 5}, "farm_budget needs a farm_price_per_hour above 0: without it nobody knows what was spent."),
        (
            {"timeout_base": 0, "timeout_per_page": 0},
            "farm_timeout_base and farm_timeout_per_page are both 0: no document would have any time.",
        ),
        ({"pipeline": "pdftxt"}, "value of farm_pipeline must be one of: command, glossapi, pdftext, got: pdftxt"),
    ],
)
def test_what_makes_no_sense_is_told_by_the_name_of_its_setting(options: dict[str, Any], sentence: str) -> None:
    assert worker_problems(options) == [sentence]


def test_all_is_told_at_once() -> None:
    options = {"max_attempts": 0, "prefetch": 0, "pipeline": "command"}
    assert len(worker_problems(options)) == 3
