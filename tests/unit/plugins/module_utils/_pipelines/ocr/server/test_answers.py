# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.answers import (
    Answer,
    cleaned,
    problem_of,
    repeats,
)
from demo.corpus import page_lines

PAGE = "\n".join(page_lines(random.Random(5), 1))


def test_a_page_of_text_has_no_problem() -> None:
    assert problem_of(Answer(PAGE, "stop")) == ""


@pytest.mark.parametrize(
    ("text", "reason", "told"),
    [
        (PAGE, "length", "was cut off (length, after"),
        (PAGE, "content_filter", "was cut off (content_filter"),
        (f"{PAGE}\n" + "και πάλι τα ίδια λόγια " * 200, "stop", "repeats itself"),
        (" \n", "stop", "is empty"),
    ],
)
def test_an_answer_that_cannot_be_the_page_is_told(text: str, reason: str, told: str) -> None:
    assert told in problem_of(Answer(text, reason))


def test_a_form_with_empty_cells_is_no_loop_and_a_table_that_goes_round_is_one() -> None:
    words = " ".join(PAGE.split()[:60])
    form = "<tr>\n<td>&nbsp;</td>\n</tr>\n" * 25
    assert problem_of(Answer(f"{words}\n<table>\n{form}</table>", "stop")) == ""
    loop = "<tr>\n<td>και πάλι</td>\n<td>τα ίδια</td>\n</tr>\n" * 100
    assert "repeats itself" in problem_of(Answer(f"{words}\n<table>\n{loop}</table>", "stop"))


def test_a_loop_without_spaces_is_seen_at_the_end() -> None:
    assert repeats(PAGE + "αβγδ" * 300)
    assert repeats(PAGE + "<td>ο</td>" * 100)


@pytest.mark.parametrize("end", ["." * 2000, "| --- " * 400, "\n" * 2000, "αβ" * 20])
def test_leaders_rules_and_short_ends_are_no_loop(end: str) -> None:
    assert not repeats(PAGE + end)


def test_what_no_text_may_have_is_taken_out_or_shown() -> None:
    assert cleaned("α\x00β\x07γ\r\nδ\tε\ud83d") == "αβγ\nδ\tε�"
