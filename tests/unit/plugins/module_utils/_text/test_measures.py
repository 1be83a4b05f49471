# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measures of a page."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._text.measures import Measures, measure

_COUNTS = {"characters", "letters", "words"}


@given(st.text(st.characters(exclude_categories=())))
def test_shares_are_shares(text: str) -> None:
    measures = measure(text, None)
    shares = {field.name for field in fields(Measures)} - _COUNTS - {"surprise", "odd", "jumbled"}
    assert all(0 <= getattr(measures, name) <= 1 for name in shares)
    assert measures.surprise > 0


def test_letters_are_shared_among_scripts() -> None:
    measures = measure("αβγδ abc ж", None)
    assert (measures.letters, measures.greek, measures.latin, measures.other) == (8, 0.5, 0.375, 0.125)


@pytest.mark.parametrize(
    ("scripts", "foreign"), [(None, 0), ({"GREEK"}, 0.5), ({"GREEK", "LATIN"}, 0.25), ({"GREEK", "LATIN", "CJK"}, 0)]
)
def test_letters_of_other_scripts_are_foreign_where_scripts_are_named(scripts: set[str] | None, foreign: float) -> None:
    assert measure("αβγδ ab 中文", scripts).foreign == foreign


def test_comments_are_no_text() -> None:
    assert measure("<!-- page 3\n-->", None).characters == 0
    assert measure("α <!-- image --> β", None).characters == 2


def test_letters_apart_are_spaced_where_they_make_words_and_variables_do_not() -> None:
    assert measure(" ".join("ηστάθμητωνυπόγειωννερώνανέβηκε"), None).spaced == 1
    assert measure("x ψ q z j x φ w k v b q ψ ξ g z x j q w f k z x v q j w k", None).spaced == 0


def test_a_few_words_weigh_less_than_a_page_of_them() -> None:
    assert 1 < measure("ξθφψγκζ", None).surprise < measure("ξθφψγκζ " * 50, None).surprise


def test_letters_that_make_no_words_are_scattered_where_no_words_or_formulas_are_around() -> None:
    assert measure("q . r\nt ' k", None).scattered == 1
    assert measure("α = β + γ, δ(ε) → 0", None).scattered < 0.6
    assert measure("q r t k Η στάθμη των νερών ανέβηκε", None).scattered == 0
    assert measure("x y 10 20 30 z", None).scattered < 0.6
    assert measure("A b", None).scattered == 0


def test_uncommon_characters_are_rare() -> None:
    assert measure("本章描述当农民在夜间灌溉时平原地下水位如何变化", None).rare < 0.1
    assert measure("犴暨篝镩黠盹灬疳贻麸涕沐黹贽痃戕痣珩秭耒箸汩" * 2, None).rare > 0.9


def test_a_language_without_a_table_is_judged_by_that_of_all() -> None:
    bosnian = "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima obdarena razumom i sviješću"
    assert measure(bosnian, None).surprise < 1.15


def test_boxes_to_tick_are_no_scattered_letters() -> None:
    assert measure("Α □ Β □ Γ □ Δ □", None).scattered < 0.6


def test_formulas_with_spaces_are_not_spaced() -> None:
    assert measure("l i m n → ∞ m ( n ) = σ a + b = c d e t ( A − λ I ) = 0 k + l + m = n o p", None).spaced == 0
