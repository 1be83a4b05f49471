# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about tokens."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.fields import unpack
from ansible_collections.glossapi.farm.plugins.module_utils._text.tokens import COUNTS


def count(token: str, field: str) -> int:
    return int(getattr(unpack(COUNTS[token]), field))


@pytest.mark.parametrize("token", ["νερά", "(νερά),", "«νερά»", "12,5", "\ue000x", "x" * 90, "..."])
def test_every_character_is_visible(token: str) -> None:
    assert count(token, "visible") == len(token)


def test_punctuation_around_a_word_changes_nothing_else() -> None:
    plain, quoted = unpack(COUNTS["νερά"]), unpack(COUNTS["(νερά),"])
    assert plain._replace(visible=quoted.visible) == quoted


def test_the_runs_of_a_token_are_counted_without_their_marks() -> None:
    assert count("ημι-αστικός/ή", "runs") == 3
    assert count("cafe\u0301s", "runs") == 1


@pytest.mark.parametrize("token", ["fÃ¼r", "Ã©", "dÈjà", "åëëçíéêÞ²a", "kˆnnte", "ŒŸÅ±Îº"])
def test_a_symbol_or_capital_within_a_word_is_odd(token: str) -> None:
    assert count(token, "odd") == 1


@pytest.mark.parametrize("token", ["k¨onnen", "x²", "25°C", "École", "ΝέαΟδός", "LaTeX™", "m·s", "naïve"])
def test_what_good_text_has_is_not_odd(token: str) -> None:
    assert count(token, "odd") == 0


def test_damage_is_counted_by_character() -> None:
    assert count("ν\ufffdρ\ufffd", "lost") == 2
    assert count("τ??άπ?ζα", "lost") == 3
    assert count("τι;", "lost") == count("τι?", "lost") == 0
    assert count("\uf061\uf062", "private") == 2
    assert count("a\x03\ud800", "control") == 2


@pytest.mark.parametrize(
    "token", ["/g12/g7/g3", "/gid00012", "/uni03B1/uni03B2", "GLYPH<12>", "GLYPH&lt;c=12&gt;glyph<c=3,font=/A+B>"]
)
def test_names_of_glyphs_are_no_text(token: str) -> None:
    assert count(token, "lost") == len(token)


def test_names_in_parentheses_are_no_text_either() -> None:
    assert count("(cid:12)(cid:7)", "lost") == len("cid:12)(cid:7")


@pytest.mark.parametrize("token", ["T1/T2/T3/T4", "mg/g12", "/usr/lib64/a1", "https://a.org/g12/g7/g3", "a&lt;b", "/g"])
def test_paths_and_lists_are_no_names_of_glyphs(token: str) -> None:
    assert count(token, "lost") == 0


def test_one_character_without_end_is_counted_and_a_leader_is_not() -> None:
    assert count("a" + "0" * 100, "endless") == 100
    assert count("." * 200, "endless") == 200
    assert count("." * 100, "endless") == count("_" * 400, "endless") == 0


def test_addresses_have_letters_and_no_words() -> None:
    token = "https://example.org/zxqvkwj"
    assert (count(token, "words"), count(token, "latin")) == (0, 22)


def test_what_is_remembered_is_bounded() -> None:
    COUNTS["y" * 200]
    assert "y" * 200 not in COUNTS


@pytest.mark.parametrize(
    "token", ["&#945;&#957;&#964", r"\u03b1\u03bd", "%CE%B1%CE%BD", "=CE=B1=CE=BD", r"\341\355\364"]
)
def test_codes_that_nothing_decoded_are_counted(token: str) -> None:
    assert count(token, "coded") == len(token)


@pytest.mark.parametrize("token", ["&amp;&lt;", r"\frac{a}{b}", "100%", "a=b=c=d", r"C:\users", "25%,30%"])
def test_entities_formulas_and_shares_are_no_codes(token: str) -> None:
    assert count(token, "coded") == 0


def test_proteins_with_gaps_have_no_words() -> None:
    assert count("MKV--LAAGIVG---LLLAEEK", "words") == 0


def test_short_letters_beside_digits_are_no_words() -> None:
    assert count("12abc", "words") == 0
    assert count("12abcd", "words") == 1
