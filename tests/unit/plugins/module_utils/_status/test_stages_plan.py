# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.plan import Prices, describe, make_plan
from ansible_collections.glossapi.farm.plugins.module_utils._status.stages_plan import (
    FarmPlan,
    StagePlan,
    describe_stages,
    plan_open_work,
)
from tests.support.progress import make_progress

_TEXT = Prices(per_hour=5.0, seconds_per_page=0.5, gpus=4)
_OCR = Prices(per_hour=5.0, seconds_per_page=2.0, gpus=4)


def test_what_is_handed_on_counts_whole_and_of_what_is_not_read_the_share() -> None:
    ocr = plan_open_work(Stage.OCR, 1000, 8000, 0.25, [2, 1], {}, _OCR)
    assert (ocr.plan.pages, ocr.assumed_pages) == (3000, 2000)
    assert [(shard.shard, shard.pages) for shard in ocr.plan.shards] == [(1, 1500), (2, 1500)]
    assert ocr.plan.hours == pytest.approx(1500 * 2 / 4 / 3600)
    assert ocr.plan.dollars == pytest.approx(2 * ocr.plan.hours * 5)


def test_no_page_is_lost_where_shards_cannot_be_equal() -> None:
    ocr = plan_open_work(Stage.OCR, 7, 0, 0.25, [1, 2, 3], {}, _OCR)
    assert [shard.pages for shard in ocr.plan.shards] == [3, 2, 2]
    assert ocr.assumed_pages == 0


def test_the_pace_of_ocr_is_its_own_supervisors() -> None:
    ocr = plan_open_work(Stage.OCR, 100, 100, 0.5, [1], {1: make_progress()}, _OCR)
    # An account of another cut says how fast it goes, and not what is left.
    assert (ocr.plan.pages, ocr.plan.seconds_per_page, ocr.plan.measured_pages) == (150, 1.0, 200)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(FarmError, match=rf"ocr_share is {share}: it must be between 0 and 1\."):
        plan_open_work(Stage.OCR, 0, 1, share, [1], {}, _OCR)


def test_stages_come_one_after_the_other_and_are_paid_both() -> None:
    text = StagePlan(Stage.TEXT, make_plan({1: 28800}, {}, {}, _TEXT), _TEXT)
    ocr = plan_open_work(Stage.OCR, 0, 28800, 0.25, [1], {}, _OCR)
    farm = FarmPlan((text, ocr))
    assert (farm.hours, farm.dollars) == (2.0, 10.0)
    assert describe_stages(farm).splitlines() == [
        "stage text",
        *describe(text.plan, _TEXT).splitlines(),
        "",
        "stage ocr",
        *describe(ocr.plan, _OCR).splitlines(),
        (
            "7200 of these pages are assumed: 25% of what stage text has not read yet; how many there are nobody knows "
            "before"
        ),
        "",
        "all stages: 2 h 0 min, $10.00",
    ]


def test_formulas_are_planned_as_pages_are_and_called_by_their_name() -> None:
    math = plan_open_work(Stage.MATH, 200, 1000, 0.5, [1], {1: make_progress()}, _OCR)
    assert (math.plan.pages, math.assumed_pages, math.plan.measured_pages) == (700, 500, 200)
    told = describe_stages(FarmPlan((math,)))
    assert told.startswith("stage math\nshard  formulas  hours\n")
    assert "700 formulas left, " in told
    assert (
        "1 s a formula and GPU, or worker without one, measured over 200 formulas; 4 a node\n"
        "500 of these formulas are assumed: "
    ) in told
    assert "assumed: 0.5 a page of what stage text has not read yet" in told
    with pytest.raises(FarmError, match=r"formulas_per_page is -0\.5: it must be 0 or more\."):
        plan_open_work(Stage.MATH, 0, 1, -0.5, [1], {}, _OCR)
    # There may be several on a page.
    assert plan_open_work(Stage.MATH, 0, 10, 2.5, [1], {}, _OCR).plan.pages == 25


def test_one_stage_alone_has_no_sum() -> None:
    text = StagePlan(Stage.TEXT, make_plan({1: 100}, {}, {}, _TEXT), _TEXT)
    assert describe_stages(FarmPlan((text,))) == describe(text.plan, _TEXT)
    ocr = plan_open_work(Stage.OCR, 100, 0, 0.25, [1], {}, _OCR)
    assert describe_stages(FarmPlan((ocr,))) == f"stage ocr\n{describe(ocr.plan, _OCR)}"
