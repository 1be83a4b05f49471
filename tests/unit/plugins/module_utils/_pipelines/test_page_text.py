# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import (
    PageText,
    TextSource,
    sections_of,
)
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict


@pytest.mark.parametrize(
    ("characters", "sections"), [(0, 0), (1, 1), (2000, 1), (2900, 1), (3100, 2), (10_000, 5), (100_001, 50)]
)
def test_sections_are_about_as_long_as_a_page_and_hold_the_whole_text(characters: int, sections: int) -> None:
    text = ("A text of many words. " * (characters // 20 + 1))[:characters]
    found = sections_of(text, TextSource.PROGRAM)
    assert len(found) == sections
    assert "".join(section.text for section in found) == text
    lengths = [len(section.text) for section in found]
    # No last one of three letters, by which a tenth of a document would be judged.
    assert not lengths or max(lengths) - min(lengths) < 0.05 * max(lengths) + 1


def test_only_text_that_somebody_wrote_anew_can_be_a_loop() -> None:
    text = "The figure shows the mean of all stations. " * 20
    verdicts = {source: PageText(text, source).quality.verdict for source in TextSource}
    assert verdicts == {
        TextSource.LAYER: Verdict.GOOD,
        TextSource.OCR: Verdict.POOR,
        TextSource.PROGRAM: Verdict.POOR,
    }


def test_a_page_without_text_is_blank_only_where_there_is_nothing_to_read() -> None:
    assert PageText("", TextSource.OCR, has_ink=False).quality.verdict is Verdict.BLANK
    assert PageText("", TextSource.LAYER).quality.verdict is Verdict.EMPTY
