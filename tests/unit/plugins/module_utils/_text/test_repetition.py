# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a text says again."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._text.repetition import repeated


def test_a_loop_is_repeated_but_for_its_first_round() -> None:
    words = ["η", "στάθμη", "των", "νερών", "ανέβηκε"]
    assert repeated(words * 20) > 0.9


def test_text_is_not_repeated() -> None:
    assert repeated([f"λέξη{number}" for number in range(200)]) == 0


def test_numbers_and_rules_of_a_table_are_left_out() -> None:
    assert repeated(["|", "0,5", "–", "(1)"] * 100) == 0


def test_a_few_words_are_too_few_to_tell() -> None:
    assert repeated(["ναι"] * 20) == 0


def test_a_form_that_asks_the_same_of_each_thing_is_no_loop() -> None:
    things = ["ύδρευση", "καθαριότητα", "φωτισμός", "συγκοινωνία", "ασφάλεια", "εκπαίδευση", "υγεία", "πράσινο"]
    form = " ".join(f"Πόσο σας ικανοποιεί {thing} □ Καθόλου □ Λίγο □ Αρκετά □ Πολύ" for thing in things)
    assert repeated(form.split()) < 0.2


def test_a_block_that_follows_itself_is_a_loop() -> None:
    words = [f"λέξη{number}" for number in range(20)]
    assert repeated(words + ["της", "ίδιας", "περιόδου", "και"] * 8) > 0.5
