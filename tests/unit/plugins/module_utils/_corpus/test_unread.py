# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.unread import Unread


def test_what_is_put_back_comes_again_in_its_order_before_the_others() -> None:
    stream = Unread(iter(range(6)))
    taken = stream.take(3)
    stream.put_back(taken[1:])
    assert next(stream) == 1
    stream.put_back([7, 8])
    assert list(stream) == [7, 8, 2, 3, 4, 5]
    assert stream.take(2) == []


def test_looking_whether_any_is_left_takes_none() -> None:
    stream = Unread(iter("ab"))
    assert not stream.are_over()
    assert list(stream) == ["a", "b"]
    assert stream.are_over()


@given(st.lists(st.integers()), st.lists(st.integers(0, 5)))
def test_nothing_is_lost_or_repeated_however_it_is_taken_and_put_back(items: list[int], steps: list[int]) -> None:
    stream = Unread(iter(items))
    read = []
    for step in steps:
        taken = stream.take(step)
        stream.put_back(taken[1:])
        read += taken[:1]
    assert [*read, *stream] == items
