# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.figures import Outcome, figures_of
from ansible_collections.glossapi.farm.plugins.module_utils._comparison.table import cells, lines
from tests.support.comparisons import RUN


def test_numbers_are_told_with_what_they_are_and_a_backend_that_did_not_run_with_why() -> None:
    run = replace(RUN, start_seconds=61)
    words = cells(run, figures_of(run, {1: Outcome.GOOD, 2: Outcome.GOOD, 3: Outcome.POOR}))
    assert words == {
        "rate": "0.375",
        "price": "$0.741",
        "poor": "33.3 %",
        "start": "1 min 1 s",
        "workers": "1",
        "outcomes": "2 good, 1 poor",
    }
    lost = replace(RUN, problem="no\nserver")
    told = lines(3, {"one": (run, words), "lost": (lost, {})}, {("one", "lost"): 0.999})
    assert told[0] == "3 pages through 2 backends"
    assert told[2].split() == [
        "one",
        "0.375",
        "$0.741",
        "33.3",
        "%",
        "1",
        "min",
        "1",
        "s",
        "1",
        "2",
        "good,",
        "1",
        "poor",
    ]
    assert told[3:] == ["lost could not be compared: no server", "one and lost agree on 99.9 %"]
    assert lines(1, {"lost": (lost, {})}, {}) == ["1 page through 1 backend", "lost could not be compared: no server"]


def test_what_is_not_known_is_left_out() -> None:
    unknown = replace(RUN, seconds=0.0)
    assert [cells(unknown, figures_of(unknown, {1: Outcome.NOTHING}))[name] for name in ("rate", "price", "poor")] == [
        ""
    ] * 3
