# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted about runs of letters."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.fields import Field, unpack
from ansible_collections.glossapi.farm.plugins.module_utils._text.words import count_letters


def counts(run: str) -> dict[Field, int]:
    return {field: count for field, count in unpack(count_letters(run)).items() if count}


def test_letters_are_counted_by_script() -> None:
    assert counts("ab") == {Field.RUNS: 1, Field.LATIN: 2}
    assert counts("αβ") == {Field.RUNS: 1, Field.GREEK: 2}
    assert counts("中文") == {Field.RUNS: 1, Field.OTHER: 2}


def test_accents_are_counted_on_latin_letters_alone() -> None:
    assert counts("été")[Field.ACCENTED] == 2
    assert Field.ACCENTED not in counts("ήλιος")


@pytest.mark.parametrize("run", ["μέτρηση", "ΜΕΤΡΗΣΗ", "ᾠδή", "measure", "straße"])
def test_a_word_is_none_of_the_unlikely(run: str) -> None:
    assert counts(run)[Field.WORDS] == 1
    assert Field.UNLIKELY not in counts(run)


def test_letters_that_make_no_word_are_unlikely_and_acronyms_are_not() -> None:
    assert counts("ξθφψγκζ")[Field.UNLIKELY] == 8
    assert Field.UNLIKELY not in counts("HTML")
    assert counts("α" * 46)[Field.UNLIKELY] == 47


@pytest.mark.parametrize("run", ["Στatiςtikη", "dιjα", "Aθήνα", "μέτρηση".replace("ρ", "p")])
def test_a_word_of_two_scripts_is_mixed(run: str) -> None:
    assert counts(run)[Field.MIXED] == 1


@pytest.mark.parametrize("run", ["μm", "kΩ", "Δx", "TNFα", "λmax", "ΕπιλογήAlt", "使用Word"])
def test_units_and_words_without_space_between_are_not_mixed(run: str) -> None:
    assert Field.MIXED not in counts(run)


@pytest.mark.parametrize(
    ("run", "jumbled"), [("TEdTAON", 1), ("axdAovO", 1), ("FormatCellBorder", 0), ("PDFs", 0), ("myDB", 0)]
)
def test_capitals_within_words_have_an_order(run: str, jumbled: int) -> None:
    assert counts(run).get(Field.JUMBLED, 0) == jumbled


@pytest.mark.parametrize(("run", "misplaced"), [("στάθμης", 0), ("στάθμησ", 1), ("ςτάθμη", 1), ("ΣΤΑΘΜΗΣ", 0)])
def test_a_sigma_has_its_place(run: str, misplaced: int) -> None:
    assert counts(run).get(Field.MISPLACED_SIGMAS, 0) == misplaced
