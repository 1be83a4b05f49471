# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about runs of letters."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.fields import unpack
from ansible_collections.glossapi.farm.plugins.module_utils._text.trigrams import UNIT
from ansible_collections.glossapi.farm.plugins.module_utils._text.words import count_letters


def counts(run: str) -> dict[str, int]:
    return {field: count for field, count in unpack(count_letters(run))._asdict().items() if count}


def test_letters_are_counted_by_script() -> None:
    assert counts("ab") == {"runs": 1, "latin": 2}
    assert counts("αβ") == {"runs": 1, "greek": 2}
    assert counts("中文") == {"runs": 1, "other": 2}


def test_accents_are_counted_on_latin_letters_alone() -> None:
    assert counts("été")["accented"] == 2
    assert "accented" not in counts("ήλιος")


@pytest.mark.parametrize("run", ["μέτρηση", "ΜΕΤΡΗΣΗ", "ᾠδή", "measure", "straße"])
def test_a_word_is_none_of_the_unlikely(run: str) -> None:
    assert counts(run)["words"] == 1
    assert "unlikely" not in counts(run)


def test_letters_that_make_no_word_are_unlikely_and_acronyms_are_not() -> None:
    assert counts("ξθφψγκζ")["unlikely"] == 8
    assert "unlikely" not in counts("HTML")
    assert counts("α" * 46)["unlikely"] == 47


@pytest.mark.parametrize("run", ["Στatiςtikη", "dιjα", "Aθήνα", "μέτρηση".replace("ρ", "p")])
def test_a_word_of_two_scripts_is_mixed(run: str) -> None:
    assert counts(run)["mixed"] == 1


@pytest.mark.parametrize("run", ["μm", "kΩ", "Δx", "TNFα", "λmax", "ΕπιλογήAlt", "使用Word"])
def test_units_and_words_without_space_between_are_not_mixed(run: str) -> None:
    assert "mixed" not in counts(run)


@pytest.mark.parametrize(
    ("run", "jumbled"), [("TEdTAON", 1), ("axdAovO", 1), ("FormatCellBorder", 0), ("PDFs", 0), ("myDB", 0)]
)
def test_capitals_within_words_have_an_order(run: str, jumbled: int) -> None:
    assert counts(run).get("jumbled", 0) == jumbled


@pytest.mark.parametrize(("run", "misplaced"), [("στάθμης", 0), ("στάθμησ", 1), ("ςτάθμη", 1), ("ΣΤΑΘΜΗΣ", 0)])
def test_a_sigma_has_its_place(run: str, misplaced: int) -> None:
    assert counts(run).get("misplaced_sigmas", 0) == misplaced


@pytest.mark.parametrize("run", ["ACGTTGCATT", "ttgacaatcg", "MKVLAAGIVGLLLA"])
def test_genes_and_proteins_are_letters_and_no_words(run: str) -> None:
    assert counts(run) == {"runs": 1, "latin": len(run)}


@pytest.mark.parametrize("run", ["WJXQBZOUKJ", "aaaaaaaaaaaa"])
def test_letters_by_chance_are_no_sequence(run: str) -> None:
    assert counts(run)["words"] == 1


def test_letters_beside_digits_are_no_word() -> None:
    assert unpack(count_letters("xzq", no_word=3)).words == 0
    assert unpack(count_letters("Pro", no_word=2)).words == 1


def test_acronyms_surprise_little_and_words_in_capitals_as_much_as_others() -> None:
    assert counts("SPSS")["surprise"] <= 1.15 * UNIT * 5
    assert counts("XZQVKWJ")["surprise"] == counts("xzqvkwj")["surprise"]


@pytest.mark.parametrize(
    ("run", "miscoded"), [("thV", 1), ("idiothtaV", 1), ("keV", 0), ("MeV", 0), ("kV", 0), ("DIV", 0)]
)
def test_a_final_sigma_in_a_font_of_symbols_is_told_from_a_volt(run: str, miscoded: int) -> None:
    assert counts(run).get("miscoded", 0) == miscoded


def test_bytes_of_western_europe_read_as_chinese_are_mixed() -> None:
    assert counts("f眉r")["mixed"] == 1


def test_three_scripts_in_a_word_are_mixed_whatever_they_are() -> None:
    assert counts("ழдཧफ")["mixed"] == 1
    assert "mixed" not in counts("ワープロ文書")


def test_accents_that_no_table_of_bytes_has_are_none_of_its_faults() -> None:
    assert "accented" not in counts("ẹṣọ")
