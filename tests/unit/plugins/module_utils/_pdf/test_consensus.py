# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk wins over engines that trust /Count; nothing is believed that nobody else reads."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.consensus import Answer, is_settled, weigh
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount

BROKEN = Answer(None, "no catalog")
CODED = Answer(None, "encrypted object streams", unsupported=True)
FAILED = Answer(None, "PDFium: Data format error")


@pytest.mark.parametrize(
    ("walk", "pdfium", "pypdf", "expected"),
    [
        (Answer(3), Answer(3), None, PageCount(3, "")),
        (Answer(3), FAILED, Answer(3), PageCount(3, "")),
        (Answer(3), Answer(5), Answer(5), PageCount(3, "repaired: engines count 5, the page tree has 3 pages")),
        (Answer(3, "/Count says 5"), Answer(5), None, PageCount(3, "repaired: /Count says 5")),
        (Answer(0), Answer(0), None, PageCount(None, "no_pages: the page tree has no pages")),
        (Answer(3), FAILED, FAILED, PageCount(None, "corrupt: PDFium: Data format error")),
        (BROKEN, Answer(4), Answer(4), PageCount(4, "repaired: no catalog")),
        (BROKEN, Answer(4), Answer(5), PageCount(None, "corrupt: engines count 4 and 5 pages; no catalog")),
        (BROKEN, Answer(4), FAILED, PageCount(None, "corrupt: only one engine reads it; no catalog")),
        (CODED, Answer(4), Answer(4), PageCount(4, "")),
        (CODED, Answer(4), FAILED, PageCount(4, "repaired: only one engine reads it; encrypted object streams")),
    ],
)
def test_a_verdict_is_what_the_answers_support(
    walk: Answer, pdfium: Answer, pypdf: Answer | None, expected: PageCount
) -> None:
    assert weigh(walk, pdfium, pypdf) == expected


def test_a_needed_password_outweighs_a_walk_over_the_unencrypted_structure() -> None:
    locked = Answer(None, "PDFium: Incorrect password", needs_password=True)
    assert weigh(Answer(1), locked, None) == PageCount(None, "encrypted: a password is needed")
    assert is_settled(Answer(1), locked)


def test_a_third_opinion_is_asked_for_only_where_it_can_matter() -> None:
    assert is_settled(Answer(3), Answer(3))
    assert is_settled(Answer(3, "flaw"), Answer(5))
    assert not is_settled(Answer(3), Answer(5))
    assert not is_settled(BROKEN, Answer(5))
    assert not is_settled(Answer(3), FAILED)
