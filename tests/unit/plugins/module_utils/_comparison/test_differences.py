# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.differences import mark


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (["το φως"], ["το φως"]),
        (["το φως", "το φως"], ["το φως", "το φως"]),
        # Spaces and ends of lines are as they are, and no difference.
        (["το  φως\n", "το\nφως"], ["το  φως\n", "το\nφως"]),
        (["το φως του", "το νερό του"], ["το [φως] του", "το [νερό] του"]),
        (["λ β π δ", "λ x y δ"], ["λ [β π] δ", "λ [x y] δ"]),
        # The first is compared with each of the others.
        (["λ β π", "λ x π", "λ β z"], ["λ [β π]", "λ [x] π", "λ β [z]"]),
        (["λ", ""], ["[λ]", ""]),
        (["", " λ "], ["", " [λ] "]),
        (["", ""], ["", ""]),
    ],
)
def test_words_that_another_has_not_there_are_marked(texts: list[str], marked: list[str]) -> None:
    found = mark(texts)
    shown = ["".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces) for pieces in found]
    assert shown == marked
    assert ["".join(piece.text for piece in pieces) for pieces in found] == texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Of each two words that are equal another one is between them: of difflib this took 40 s.
        ([f"{n // 2}" if n % 2 else "a" for n in range(6_000)], [f"{n // 2}" if n % 2 else "b" for n in range(6_001)]),
        (["πάλι"] * 9_999 + ["τέλος"], ["τέλος"] + ["πάλι"] * 9_999),
        (["λ"] * 100_000, ["β"] * 100_000),
    ],
    ids=["alternating", "repeated", "without end"],
)
def test_whatever_words_there_are_the_work_is_bounded(one: list[str], other: list[str]) -> None:
    first, second = mark([" ".join(one), " ".join(other)])
    assert "".join(piece.text for piece in first) == " ".join(one)
    assert "".join(piece.text for piece in second) == " ".join(other)


def test_of_what_no_page_can_have_the_beginning_is_compared() -> None:
    page = "σελίδα " * 10_000
    assert mark([page, f"{page}x x"])[1] == [(page, False), ("x x", True)]
    assert mark([page * 2, f"{page}{page}"]) == [[(page * 2, False)]] * 2
    assert mark([f"{page}λ λ", f"{page}λ"])[0] == [(page, False), ("λ λ", True)]


def test_there_are_no_more_pieces_than_are_needed() -> None:
    assert [len(pieces) for pieces in mark(["a b c d e", "a b x y e"])] == [3, 3]
