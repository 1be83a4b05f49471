# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs where words should be."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.signs import share_of_signs


def share(text: str) -> float:
    tokens = text.split()
    return share_of_signs(tokens, sum(map(len, tokens)))


@pytest.mark.parametrize(
    "text",
    [
        "□□□□ □□ □□□□□□□ □□□",
        "■■■ ■■■■■■",
        "✜✍✞✩❠ ➞➹➧✨❾ ❑❟➫❚",
        "↟↛⇚⇸↳ ⇥↗⇙↝",
        ":,~-~| /'\\_|;: -.\\|;_'",
        '<"&(%^@= /:;}&#_',
    ],
)
def test_words_of_signs_are_found(text: str) -> None:
    assert share(text) > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Ναι □ Όχι □",
        "Α.Φ.Μ.: □□□□□□□□□ Δ.Ο.Υ.: □□□□□",
        "★★★★☆ καλό ★★☆☆☆ κακό",
        "┌────┬─────┐ │ 1 │ 2 │ └────┴─────┘",
        "| --- | :---: | ==> -> }); !==",
        "Εισαγωγή ............ 3 . . . . 4 ······ 5",
        "f(x) ≤ y ⇔ ∀x ∃y ‖a−b‖²≤c",
        "① ② ③ 1.2 3.4",
        "",
    ],
)
def test_boxes_tables_rules_and_formulas_are_none(text: str) -> None:
    assert share(text) == 0
