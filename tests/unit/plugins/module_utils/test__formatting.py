# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._formatting import (
    align,
    counted,
    dollars,
    duration,
    one_line,
    percentage,
    printable,
)


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("διατριβή 1.pdf", "διατριβή 1.pdf"),
        ("a\x00b\n", "a\\x00b\\n"),
        ("\u202efdp.exe", "\\u202efdp.exe"),
        ("\udcff.pdf", "\\udcff.pdf"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(codec=None, categories=None)))
def test_every_name_can_be_written_to_a_file(text: str) -> None:
    assert printable(text).isprintable()
    printable(text).encode()


def test_a_message_is_one_line() -> None:
    assert one_line("first\n  second\x1b[31m") == "first second\\x1b[31m"
    assert one_line(None) == ""


@pytest.mark.parametrize(
    ("share", "digits", "told"),
    [(0.57, 1, "57.0"), (0.29, 0, "29"), (1 / 3, 1, "33.3"), (1 - 1e-9, 1, "99.9"), (1.0, 0, "100"), (0.0, 1, "0.0")],
)
def test_a_percentage_is_rounded_down_and_not_off_by_a_float(share: float, digits: int, told: str) -> None:
    assert percentage(share, digits) == told


def test_a_number_has_its_word() -> None:
    assert (counted(1, "page", "pages"), counted(1200, "page", "pages")) == ("1 page", "1,200 pages")
