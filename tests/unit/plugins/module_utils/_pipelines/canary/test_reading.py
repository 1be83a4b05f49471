# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.reading import (
    LEAST_SIMILARITY,
    problem_of,
    read,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import LINES, TEXT

LOOK_ALIKE = str.maketrans(
    "αάβγδεέζηήθιίϊκλμνξοόπρσςτυύϋφχψωώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΌΠΡΣΤΥΦΧΨΩ",
    "aaByoeeZnn8iiikAuvEoompoctuuupxwwwABTAEZH0IKAMNE00NPETY0XYO",
)


def problem(text: str) -> str:
    return problem_of(read(text), is_recognised=True)


def test_the_text_as_it_stands_is_read_whole() -> None:
    reading = read(TEXT)
    assert reading.similarity == 1
    assert 0.7 < reading.greek < 0.9
    assert problem_of(reading, is_recognised=True) == ""


def test_what_markdown_adds_and_where_lines_end_does_not_count() -> None:
    markdown = f"<!-- page 1 -->\n\n## {LINES[0]}\n\n" + " ".join(LINES[1:]) + "\n\n<!-- image -->\n"
    assert read(markdown).similarity == 1
    assert read(TEXT.replace("μ", "µ")).similarity == 1


def test_the_letters_of_greek_that_look_like_latin_ones_are_refused_by_name() -> None:
    said = problem(TEXT.translate(LOOK_ALIKE))
    assert said.startswith("the recogniser has no Greek: 0% ")
    assert LINES[0].translate(LOOK_ALIKE)[:10] in said
    assert said.endswith(" Give it a model of Greek.")


def test_a_text_layer_that_lost_its_greek_is_no_recognisers_fault() -> None:
    said = problem_of(read(TEXT.translate(LOOK_ALIKE)), is_recognised=False)
    assert said.startswith("the Greek letters of the text layer are lost: ")


def test_a_few_latin_letters_within_greek_words_are_found_by_the_texts_own_measures() -> None:
    said = problem(TEXT.replace("ν", "v"))
    assert read(TEXT.replace("ν", "v")).similarity > LEAST_SIMILARITY
    assert said.startswith("its text is poor, ")


@pytest.mark.parametrize(("every", "passes"), [(40, True), (5, False)])
def test_errors_of_a_recogniser_pass_up_to_a_limit(every: int, passes: bool) -> None:
    text = "".join("ω" if place % every == 0 and char.isalpha() else char for place, char in enumerate(TEXT))
    assert (problem(text) == "") == passes


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES[:4]),
        "\n".join(LINES[:9]),
        TEXT + TEXT,
        TEXT * 50,
        "\n".join(reversed(LINES)),
        " ".join(reversed(TEXT.split())),
    ],
    ids=["beginning", "half", "twice", "loop", "lines in another order", "words in another order"],
)
def test_a_text_that_is_not_the_page_is_refused_with_its_share(text: str) -> None:
    said = problem(text)
    assert "% of its characters are right, and 90% have to be. It begins: " in said


def test_no_text_is_told() -> None:
    assert problem("<!-- image -->") == "no text came out."
