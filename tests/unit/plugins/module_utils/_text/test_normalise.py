# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How text is normalised: each rule, and what it must leave alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._text.normalise import normalise

MICRO, INCREMENT, OHM = "\u00b5", "\u2206", "\u2126"


@pytest.mark.parametrize(
    ("text", "normal", "rule"),
    [
        (f"{MICRO}έτρηση", "μέτρηση", "micro sign"),
        (f"η{MICRO}έρα", "ημέρα", "micro sign"),
        (f"γρά{MICRO}{MICRO}α", "γράμμα", "micro sign"),
        (f"Ο{MICRO}άδα", "Ομάδα", "micro sign"),
        (f"{INCREMENT}ΙΑΚΗΡΥΞΗ", "ΔΙΑΚΗΡΥΞΗ", "increment"),
        (f"ΕΛΛΑ{INCREMENT}Α", "ΕΛΛΑΔΑ", "increment"),
        (f"{INCREMENT}εν", "Δεν", "increment"),
        (f"({INCREMENT}ήμος)", "(Δήμος)", "increment"),
        (f"ΟΜΑ{INCREMENT}.", "ΟΜΑΔ.", "increment"),
        (f"{OHM}ρα", "Ωρα", "ohm sign"),
        (f"10 k{OHM}", "10 kΩ", "ohm sign"),
        ("βι\u03d0λίο", "βιβλίο", "beta symbol"),
        ("η\u0301λιος", "ήλιος", "composed"),
        ("ἄλφ\u1f71", "ἄλφά", "composed"),
        ("γιατί\u037e", "γιατί;", "composed"),
    ],
)
def test_a_letter_is_written_one_way(text: str, normal: str, rule: str) -> None:
    result = normalise(text)
    assert (result.text, set(result.counts)) == (normal, {rule})


@pytest.mark.parametrize(
    "text",
    [
        f"5 {MICRO}m",
        f"200 {MICRO}L και 3 {MICRO}g",
        f"{MICRO}Ω",
        f"{MICRO}Α",
        f"{MICRO} = 0,3",
        f"{INCREMENT}x",
        f"{INCREMENT}t = 5",
        f"{INCREMENT} α",
        f"{INCREMENT}α",
        f"x{INCREMENT}",
        f"Σ{INCREMENT}x",
        "10 Ω",
        "ϑ + ϕ",
        "γεννιοΫνται",
        "προΫπόθεση",
        "τηςπόλης",
        "Aθήνα",
        "ﬁle naïve",
        "a\x00\ud800b",
        "",
    ],
)
def test_what_has_another_reading_is_left_alone(text: str) -> None:
    assert (normalise(text).text, normalise(text).counts) == (text, {})


def test_changes_are_counted_by_rule() -> None:
    result = normalise(f"{INCREMENT}ιά{MICRO}ετρος {MICRO}ε 5 {MICRO}m, {OHM}")
    assert result.counts == {"micro sign": 2, "increment": 1, "ohm sign": 1}


_LETTERS = st.text(st.sampled_from([MICRO, INCREMENT, OHM, "\u03d0", "α", "Α", "ά", "ς", "x", " ", "\u0301", "1"]))


@given(st.one_of(_LETTERS, st.text(st.characters(exclude_categories=()))))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert unicodedata.is_normalized("NFC", once.text)
    assert (normalise(once.text).text, normalise(once.text).counts) == (once.text, {})


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_left_alone(text: str) -> None:
    assert normalise(text).text == text
