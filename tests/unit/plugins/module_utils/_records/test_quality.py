# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import (
    PageQuality,
    Quality,
    QualitySummary,
)


def test_a_marker_says_how_many_pages_come_from_where_and_are_what() -> None:
    pages = [("layer", "good"), ("ocr", "poor"), ("ocr", "good"), ("layer", "blank")]
    record = Quality(
        "s3://b/a.pdf",
        "good",
        0.75,
        tuple(PageQuality(number, source, verdict) for number, (source, verdict) in enumerate(pages, start=1)),
    )
    expected = QualitySummary("good", 0.75, {"layer": 2, "ocr": 2}, {"good": 2, "poor": 1, "blank": 1})
    assert record.summary == expected
