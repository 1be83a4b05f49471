# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._reach.causes import Cause
from ansible_collections.glossapi.farm.plugins.module_utils._reach.waiting import Wait, wait_until_reached

_LATE = Cause("no agent yet", is_final=False)
_DENIED = Cause("denied", is_final=True)


class _Time:
    """A clock that goes on with each attempt, of a second, and with each pause."""

    def __init__(self) -> None:
        self.now = 100.0
        self.told: list[str] = []

    def wait(self, attempts: Iterator[Cause | None], seconds: float) -> Wait:
        def attempt() -> Cause | None:
            self.now += 1
            return next(attempts)

        def sleep(pause: float) -> None:
            self.now += pause

        clock: Callable[[], float] = lambda: self.now  # noqa: E731
        return wait_until_reached(attempt, seconds=seconds, pause=4, clock=clock, sleep=sleep, tell=self.told.append)


def test_a_node_that_comes_late_is_reached() -> None:
    time = _Time()
    assert time.wait(iter([_LATE, _LATE, None]), 600) == Wait(None, 11, 3)


def test_at_the_end_of_the_time_there_is_the_last_cause() -> None:
    assert _Time().wait(iter([_LATE] * 9), 19) == Wait(_LATE, 16, 4)


@pytest.mark.parametrize("attempts", [[_LATE], [None]])
def test_without_time_it_is_tried_once(attempts: list[Cause | None]) -> None:
    assert _Time().wait(iter(attempts), 0) == Wait(attempts[0], 1, 1)


def test_what_stays_is_not_waited_for() -> None:
    assert _Time().wait(iter([_LATE, _DENIED]), 600) == Wait(_DENIED, 6, 2)


def test_progress_is_told_from_time_to_time() -> None:
    time = _Time()
    time.wait(iter([_LATE] * 7 + [None]), 600)
    assert time.told == [f"not reached after {passed} of at most 600 s: no agent yet" for passed in (1, 16, 31)]
