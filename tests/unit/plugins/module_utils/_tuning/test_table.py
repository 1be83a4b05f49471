# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import Tuning, TuningBasis, TuningTrial
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.table import advice_of, table_of


def test_each_number_has_a_line_with_what_is_known_of_it() -> None:
    trials = (
        TuningTrial(1, 1.5, 9000.4, 23028.0, 41.6),
        TuningTrial(2, 2.75),
        TuningTrial(4, 0.0, memory_ran_out=True, problem="A GPU ran out of memory."),
    )
    assert table_of(Tuning(TuningBasis("glossapi"), trials=trials, best=2)) == [
        "workers_per_gpu  pages/s  GPU memory MiB  GPU use  note",
        "              1     1.50   9000 of 23028     42 %",
        "              2     2.75               -        -  best",
        "              4        -               -        -  A GPU ran out of memory.",
    ]


def test_what_follows_is_said_for_what_was_varied() -> None:
    workers, pages = TuningBasis(varied="workers_per_gpu"), TuningBasis(varied="pages_in_flight")
    assert advice_of(Tuning(workers, best=3)) == "Best is 3, which farm_workers_per_gpu: auto takes."
    assert advice_of(Tuning(pages, best=64)) == "Best is 64: set farm_ocr_pages_in_flight to it."
    assert advice_of(Tuning(pages)).startswith("No number is named")
