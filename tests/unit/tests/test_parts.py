# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.parts import Outcome, read_results, table

_JUNIT = """\
<testsuites><testsuite>
<testcase name="good"/>
<testcase name="bad"><failure message="no"/></testcase>
<testcase name="broken"><error message="no"/></testcase>
<testcase name="out"><skipped message="no root"/></testcase>
<testcase name="out too"><skipped message="no root"/></testcase>
</testsuite></testsuites>
"""


def test_what_passed_and_why_the_rest_was_skipped_comes_from_pytest(tmp_path: Path) -> None:
    (tmp_path / "unit.xml").write_text(_JUNIT)
    assert read_results(tmp_path / "unit.xml") == (1, Counter({"no root": 2}))
    assert read_results(tmp_path / "lint.xml") == (None, Counter())


def test_the_table_has_a_line_for_each_part_and_for_each_reason() -> None:
    outcomes = [Outcome("lint", True, 61.4), Outcome("unit", False, 200.0, 7, Counter({"no root": 2}))]
    assert table(outcomes).splitlines() == [
        "part                    passed  skipped  seconds",
        "lint          good                            61",
        "unit          FAILED         7        2      200",
        "skipped 2: no root",
    ]
