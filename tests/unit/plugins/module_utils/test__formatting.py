# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import align, counted, dollars, duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d 0 h"),
        (90_000, "1 d 1 h"),
        (30 * 86_400, "30 d 0 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("amount", "text"), [(0, "$0.00"), (0.05321, "$0.0532"), (1, "$1.00"), (1234.5, "$1,234.50")])
def test_an_amount_below_a_dollar_keeps_its_digits(amount: float, text: str) -> None:
    assert dollars(amount) == text


def test_words_are_aligned_to_the_left_and_numbers_to_the_right() -> None:
    rows = [("node", "pages"), ("a", "7"), ("longer", "1234")]
    assert align(rows, {"node"}) == ["node    pages", "a           7", "longer   1234"]


def test_no_line_ends_in_white_space() -> None:
    assert align([("node", "state"), ("a", "")], {"node", "state"}) == ["node  state", "a"]


def test_rows_of_unlike_length_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        align([("node", "pages"), ("a",)])


def test_a_number_has_its_word() -> None:
    assert (counted(1, "page", "pages"), counted(1200, "page", "pages")) == ("1 page", "1,200 pages")
