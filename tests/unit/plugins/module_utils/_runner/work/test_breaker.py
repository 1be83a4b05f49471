# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import WINDOW, FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.breaker import (
    MOST_IN_A_ROW,
    Break,
    Breaker,
)

FAILED = FailureClass.PIPELINE
OWN = {FailureClass.CHANGED, FailureClass.ENCRYPTED, FailureClass.CORRUPT, FailureClass.NEEDS_OCR}


def first_break(breaker: Breaker, outcomes: list[tuple[str, FailureClass | None]]) -> tuple[int, Break] | None:
    """Return how many documents it takes to break something, and what; ``None`` where nothing breaks."""
    for number, (slot, failure_class) in enumerate(outcomes, start=1):
        broken = breaker.add(slot, failure_class)
        if broken is not None:
            return number, broken
    return None


def test_a_pipeline_that_breaks_in_the_middle_stops_the_shard_soon() -> None:
    outcomes: list[tuple[str, FailureClass | None]] = [("0", None)] * 100 + [("0", FAILED)] * 100
    found = first_break(Breaker(["0"], 0.2), outcomes)
    assert found is not None
    assert (found[0], found[1].gpu, found[1].failure_class) == (111, None, FAILED)
    assert "11 of the last 50 documents failed as pipeline" in found[1].reason


def test_few_documents_break_nothing_and_neither_does_a_share_that_is_allowed() -> None:
    assert first_break(Breaker(["0"], 0.2), [("0", FAILED)] * 2 + [("0", None)] * 3) is None
    assert first_break(Breaker(["0"], 0.2), [("0", FAILED)] * 10) is None
    tenth: list[tuple[str, FailureClass | None]] = [("0", FAILED if number % 5 == 0 else None) for number in range(500)]
    assert first_break(Breaker(["0"], 0.2), tenth) is None


@pytest.mark.parametrize("failure_class", FailureClass)
def test_documents_that_are_at_fault_themselves_are_no_fault_of_the_run(failure_class: FailureClass) -> None:
    found = first_break(Breaker(["0", "1"], 0.2), [("01"[number % 2], failure_class) for number in range(100)])
    assert (found is None) == (failure_class in OWN)


def test_failures_of_different_classes_have_nothing_in_common() -> None:
    classes = sorted(set(FailureClass) - OWN, key=lambda each: each.value)
    assert first_break(Breaker(["0"], 0.2), [("0", classes[number % len(classes)]) for number in range(500)]) is None


def test_many_in_a_row_are_too_many_whatever_share_is_allowed_but_where_there_is_no_limit() -> None:
    found = first_break(Breaker(["0"], 0.9), [("0", FAILED)] * 100)
    assert found is not None
    assert found[0] == MOST_IN_A_ROW
    assert first_break(Breaker(["0"], 1.0), [("0", FAILED)] * 100) is None
    found = first_break(Breaker(["0"], 0.0), [("0", None), ("0", FAILED)])
    assert found is not None
    assert found[0] == 2


def test_where_one_slot_alone_fails_it_is_that_slot() -> None:
    outcomes: list[tuple[str, FailureClass | None]] = [
        (str(number % 4), FAILED if number % 4 == 2 and number > 100 else None) for number in range(400)
    ]
    breaker = Breaker("0123", 0.2)
    found = first_break(breaker, outcomes)
    assert found is not None
    assert found[1].gpu == "2"
    breaker.remove_gpu("2")
    assert first_break(breaker, [each for each in outcomes if each[0] != "2"]) is None


def test_a_slot_among_many_breaks_though_the_node_does_not() -> None:
    outcomes: list[tuple[str, FailureClass | None]] = [
        (str(number % 16), FAILED if number % 16 == 2 else None) for number in range(16 * WINDOW)
    ]
    found = first_break(Breaker([str(slot) for slot in range(16)], 0.2), outcomes)
    assert found is not None
    assert (found[1].gpu, found[0]) == ("2", 16 * 10 + 3)


def test_where_all_slots_fail_alike_it_is_the_shard() -> None:
    shards = 0
    for seed in range(200):
        chance = random.Random(seed)
        outcomes = [(chance.choice("0123"), FAILED if chance.random() < 0.4 else None) for _number in range(300)]
        found = first_break(Breaker("0123", 0.2), outcomes)
        assert found is not None
        shards += found[1].gpu is None
    # A slot that is unlucky beside three lucky ones cannot be told from a bad one.
    assert shards >= 190
    found = first_break(Breaker("0123", 0.2), [(str(number % 4), FAILED) for number in range(100)])
    assert found is not None
    assert found[1].gpu is None


def test_the_last_slot_that_is_left_is_the_shard() -> None:
    breaker = Breaker("01", 0.2)
    breaker.remove_gpu("0")
    found = first_break(breaker, [("1", FAILED)] * 20)
    assert found is not None
    assert found[1].gpu is None


def test_documents_that_never_came_to_a_slot_count_for_the_node() -> None:
    found = first_break(Breaker("01", 0.2), [("", FailureClass.DOWNLOAD)] * 20)
    assert found is not None
    assert (found[0], found[1].gpu) == (11, None)
