# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.differences import mark


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (["ο λόγος"], ["ο λόγος"]),
        (["ο λόγος", "ο λόγος"], ["ο λόγος", "ο λόγος"]),
        # Spaces and ends of lines are as they are, and no difference.
        (["ο  λόγος\n", "ο\nλόγος"], ["ο  λόγος\n", "ο\nλόγος"]),
        (["ο λόγος του", "ο νόμος του"], ["ο [λόγος] του", "ο [νόμος] του"]),
        (["α β γ δ", "α x y δ"], ["α [β γ] δ", "α [x y] δ"]),
        # The first is compared with each of the others.
        (["α β γ", "α x γ", "α β z"], ["α [β γ]", "α [x] γ", "α β [z]"]),
        (["α", ""], ["[α]", ""]),
        (["", " α "], ["", " [α] "]),
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
