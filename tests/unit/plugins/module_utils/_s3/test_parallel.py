# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import read_each


def test_each_item_comes_in_order_with_what_was_read_over_several_batches() -> None:
    assert list(read_each(str, range(2500))) == [(number, str(number)) for number in range(2500)]


def test_what_cannot_be_read_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(read_each(lambda number: 1 / number, [1, 0]))


def test_no_more_is_read_ahead_than_asked_for() -> None:
    taken: list[int] = []
    reading = read_each(str, map(taken.append, range(100)), readers=2, ahead=5)
    next(reading)
    assert len(taken) == 5
