# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.totals import DatasetTotals
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetRow


def test_rows_are_added_up() -> None:
    totals = DatasetTotals()
    rows = [
        DatasetRow("1", pages=3, characters=10, pages_layer=2, pages_ocr=1, pages_good=3, stage="ocr", pipeline="t"),
        DatasetRow("2", pages=1, characters=10, duplicate_of="1", pages_layer=1, pages_poor=1, pipeline="p"),
    ]
    totals.add(rows[:1])
    totals.add(rows[1:])
    assert (totals.documents, totals.duplicates, totals.pages, totals.characters) == (2, 1, 4, 20)
    assert totals.sources == {"layer": 3, "ocr": 1, "program": 0}
    assert totals.verdicts == {"good": 3, "poor": 1, "empty": 0, "blank": 0}
    assert totals.made_by == {("ocr", "t", "", ""): 1, ("", "p", "", ""): 1}
