# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How surprising the letters of words are."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.characters import ALPHABETS
from ansible_collections.glossapi.farm.plugins.module_utils._text.trigrams import MODELLED, UNIT, surprise


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("μετρησεισ", "GREEK"),
        ("και", "GREEK"),
        ("measurement", "LATIN"),
        ("niederschlag", "LATIN"),
        ("вода", "CYRILLIC"),
    ],
)
def test_a_word_is_as_surprising_as_usual(word: str, script: str) -> None:
    assert surprise(word, script) < 1.3 * UNIT * (len(word) + 1)


@pytest.mark.parametrize(("word", "script"), [("ξθφψγκζ", "GREEK"), ("zxqvkwj", "LATIN"), ("ъьщыъ", "CYRILLIC")])
def test_letters_by_chance_are_surprising(word: str, script: str) -> None:
    assert surprise(word, script) > 2 * UNIT * (len(word) + 1)


def test_letters_that_the_script_does_not_have_cost_most() -> None:
    assert surprise("aþb", "LATIN") > surprise("axb", "LATIN")
    assert surprise("", "GREEK") >= 0


def test_each_table_is_for_an_alphabet() -> None:
    assert set(ALPHABETS) == MODELLED
    assert all(surprise(alphabet, script) > 0 for script, alphabet in ALPHABETS.items())
