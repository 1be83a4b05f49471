# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass, Retry


def documented_rows(page: Path) -> list[str]:
    """Return the rows of the page's table of classes."""
    table = page.read_text().partition(
        "| Class | What happened | Tried again by itself | What to do |\n|---|---|---|---|\n"
    )
    return table[2].partition("\n\n")[0].splitlines()


def test_the_operators_table_says_what_follows_from_each_class(repository: Path) -> None:
    meanings = {each.value: each.meaning for each in FailureClass}
    assert documented_rows(repository / "docs" / "operations.md") == [
        f"| `{word}` | {meaning.happened} | {meaning.retry.value} | {meaning.advice} |"
        for word, meaning in meanings.items()
    ]


@pytest.mark.parametrize("failure_class", [FailureClass.ENCRYPTED, FailureClass.CORRUPT, FailureClass.EMPTY_OUTPUT])
def test_what_follows_from_the_document_itself_is_final(failure_class: FailureClass) -> None:
    assert failure_class.meaning.retry is Retry.NEVER


@pytest.mark.parametrize(
    "failure_class", [FailureClass.TIMEOUT, FailureClass.CRASH, FailureClass.GPU, FailureClass.PIPELINE]
)
def test_what_may_end_differently_is_worth_another_attempt(failure_class: FailureClass) -> None:
    assert failure_class.meaning.retry is not Retry.NEVER


def test_what_leaves_a_worker_of_no_use_is_not_tried_in_one_that_others_had() -> None:
    for each in FailureClass:
        assert each.meaning.retry.in_own_worker or not each.meaning.worker_is_spent
