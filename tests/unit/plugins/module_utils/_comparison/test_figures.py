# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.figures import (
    Outcome,
    agreements_of,
    figures_of,
    mean_agreements,
    outcomes_of,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import Reading
from tests.support.comparisons import RUN

GOOD = {"text": "λόγος", "verdict": "good"}
POOR = {"text": "oeAida", "verdict": "poor"}
EMPTY = {"text": "", "verdict": "empty"}
BLANK = {"text": "", "verdict": "blank"}
GIVEN_UP = {"failure": "too late"}


def readings(*pages: dict[str, Any]) -> list[Reading]:
    return [replace(Reading(number), **page) for number, page in enumerate(pages, start=1)]


def test_nothing_read_is_missed_only_where_another_has_read_text() -> None:
    found = outcomes_of(
        {
            "one": readings(GOOD, POOR, EMPTY, EMPTY, GIVEN_UP),
            "other": readings(BLANK, GOOD, BLANK, POOR, GOOD),
        }
    )
    assert list(found["one"].values()) == ["good", "poor", "nothing", "nothing", "given up"]
    assert list(found["other"].values()) == ["missed", "good", "nothing", "poor", "good"]


def test_figures_are_a_gpus_and_the_poor_share_is_of_what_anybody_has_read() -> None:
    outcomes = dict(enumerate((Outcome.GOOD, Outcome.POOR, Outcome.MISSED, Outcome.NOTHING, Outcome.GIVEN_UP)))
    figures = figures_of(replace(RUN, seconds=2.5, price_per_hour=7.2, slots=4), outcomes)
    assert figures.pages_per_second == 2.0
    # A quarter of 7.2 USD an hour is 0.0005 a second, and 1,000 pages take 500 seconds.
    assert figures.usd_per_1000_pages == pytest.approx(0.25)
    assert figures.poor_share == 0.75
    assert figures.outcomes == dict.fromkeys(Outcome, 1)


def test_what_is_not_known_is_none() -> None:
    unknown = figures_of(replace(RUN, seconds=0.0), {1: Outcome.NOTHING})
    assert (unknown.pages_per_second, unknown.usd_per_1000_pages, unknown.poor_share) == (None, None, None)
    assert figures_of(replace(RUN, price_per_hour=0.0), {1: Outcome.GOOD}).usd_per_1000_pages is None


def test_agreement_is_of_pages_that_both_have_read() -> None:
    found = agreements_of({"one": {1: "λβ", 2: "λβ"}, "other": {1: "λβ"}, "third": {1: "λx", 2: "λβ"}})
    assert found == {
        1: {("one", "other"): 1.0, ("one", "third"): 0.5, ("other", "third"): 0.5},
        2: {("one", "third"): 1.0},
    }
    assert mean_agreements(found) == {("one", "other"): 1.0, ("one", "third"): 0.75, ("other", "third"): 0.5}
