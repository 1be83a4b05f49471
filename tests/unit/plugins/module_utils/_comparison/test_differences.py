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


def test_there_are_no_more_pieces_than_are_needed() -> None:
    assert [len(pieces) for pieces in mark(["a b c d e", "a b x y e"])] == [3, 3]
