# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.agreement import agreement


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("", "", 1.0),
        (" \n", "", 1.0),
        ("λόγος", "", 0.0),
        ("το φως", "τοφ\nως", 1.0),
        ("λβπδ", "λxπδ", 0.75),
        ("λβ", "βλ", 0.5),
        ("oeAida", "σελίδα", 0.0),
    ],
)
def test_it_is_twice_what_both_have_over_those_of_both(one: str, other: str, share: float) -> None:
    assert agreement(one, other) == share
    assert agreement(other, one) == share


def test_a_model_that_repeats_itself_does_not_keep_anybody() -> None:
    # Of difflib this would take hours.
    assert agreement("και πάλι τα ίδια λόγια " * 2000, "κάτι άλλο " * 300) < 0.2


def test_of_what_no_page_can_have_the_beginning_is_compared() -> None:
    page = "σελίδα" * 5000
    assert agreement(page, page + "x" * 970_000) == 2 * 30_000 / 1_030_000
    assert agreement("λ" * 60_000, "λ" * 40_000 + "x" * 20_000) == 2 * 40_000 / 120_000
    assert agreement("λ" * 60_000, "λ" * 60_000) == 1.0
