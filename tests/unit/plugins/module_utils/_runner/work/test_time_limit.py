# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import NO_SHARES
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.pace import Pace
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.time_limit import TimeLimits, usual_share
from tests.support.config import a_config

CONFIG = a_config(timeout_base=300, timeout_per_page=30)
LONG, SHORT = Attempt(Document("s3://b/long.pdf", 500, 1)), Attempt(Document("s3://b/short.pdf", 1, 1))


def limits_after(*documents: tuple[int, float], config: object = CONFIG) -> TimeLimits:
    """Return the limits after so many long documents of so many seconds each."""
    limits = TimeLimits(config, Pace("0", []))  # type: ignore[arg-type]
    for count, seconds in documents:
        for _ in range(count):
            limits.add(LONG, seconds)
    return limits


def test_the_settings_are_the_limit_until_two_hundred_documents_were_measured() -> None:
    assert limits_after((199, 150.0)).of(LONG) == 15_300
    assert limits_after((200, 150.0)).of(LONG) < 600


def test_the_limit_is_some_times_what_nearly_all_documents_need() -> None:
    limits = limits_after((980, 150.0), (15, 400.0), (5, 9000.0))
    assert 3 * 400 <= limits.of(LONG) <= 3 * 400 * 1.25
    assert limits.is_cut_short(LONG, limits.of(LONG))


def test_no_limit_is_above_the_settings_or_below_the_least() -> None:
    assert limits_after((500, 15_000.0)).of(LONG) == 15_300
    assert not limits_after().is_cut_short(LONG, 15_300)
    assert limits_after((500, 1.0)).of(LONG) == 300
    assert limits_after((500, 1.0), config=replace(CONFIG, timeout_base=1)).of(LONG) == 60
    assert limits_after((500, 1.0), config=replace(CONFIG, timeout_base=1)).of(SHORT) == 31


def test_an_attempt_with_the_whole_time_has_all_of_the_settings() -> None:
    assert limits_after((500, 150.0)).of(replace(LONG, whole_time=True)) == 15_300


def test_a_factor_of_a_request_to_retry_raises_the_settings_and_not_what_was_learned() -> None:
    tripled = replace(CONFIG, timeout_factor=3.0)
    assert limits_after(config=tripled).of(LONG) == 45_900
    plain, raised = (limits_after((500, 1000.0), config=config).of(LONG) for config in (CONFIG, tripled))
    assert plain == raised


def test_when_documents_become_slower_than_the_limit_the_limit_follows() -> None:
    limits = limits_after((1000, 150.0))
    learned = limits.of(LONG)
    for _ in range(20):
        limits.add(LONG, learned, cut_short=True)
    assert limits.of(LONG) > 3 * learned


def test_where_more_than_a_hundredth_takes_longer_than_its_time_nothing_is_learned() -> None:
    assert usual_share([0.0] * (len(NO_SHARES) - 1) + [500.0]) is None
    assert limits_after((500, 20_000.0)).of(LONG) == 15_300


def test_settings_without_any_time_teach_nothing() -> None:
    config = replace(CONFIG, timeout_base=0, timeout_per_page=0)
    assert limits_after((500, 1.0), config=config).of(LONG) == 0


@pytest.mark.parametrize(("shares", "usual"), [([0.0, 199.0], None), ([198.0, 2.0], 0), ([197.0, 3.0], 1)])
def test_what_nearly_all_stay_below_is_the_bound_that_a_hundredth_is_above(
    shares: list[float], usual: int | None
) -> None:
    from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import SHARE_BOUNDS

    padded = shares + [0.0] * (len(NO_SHARES) - len(shares))
    assert usual_share(padded) == (None if usual is None else SHARE_BOUNDS[usual])


def test_a_range_has_the_time_of_its_pages() -> None:
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
    part = replace(LONG, ranges=ranges, part=tuple(range(1, 11)))
    limits = limits_after()
    assert limits.of(part) == 600 < limits.of(LONG)
    assert not limits.is_cut_short(part, 600)
    assert limits.is_cut_short(LONG, 600)
