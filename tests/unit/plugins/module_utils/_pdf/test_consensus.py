# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk wins over engines that trust /Count, unless it could not read a kid; who cannot read a file has no vote."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.consensus import Answer, Answers
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount

BROKEN = Answer(None, "no catalog")
CODED = Answer(None, "encrypted object streams", unsupported=True)
FAILED = Answer(None, "PDFium cannot open it")
LOCKED = Answer(None, "a password is needed", encrypted=True)


def open_kid(pages: int, kids: int = 1) -> Answer:
    return Answer(pages, "not a PDF object", open_kids=kids)


@pytest.mark.parametrize(
    ("walk", "pdfium", "pypdf", "expected"),
    [
        (Answer(3), Answer(3), None, PageCount(3, "")),
        (Answer(3), FAILED, Answer(3), PageCount(3, "")),
        (Answer(3), Answer(5), Answer(5), PageCount(3, "repaired: engines count 5, the page tree has 3 pages")),
        (Answer(3, "/Count says 5"), Answer(5), None, PageCount(3, "repaired: /Count says 5")),
        (Answer(0), Answer(0), None, PageCount(None, "no_pages: the page tree has no pages")),
        (Answer(3), FAILED, FAILED, PageCount(None, "corrupt: PDFium cannot open it")),
        (BROKEN, Answer(4), Answer(4), PageCount(4, "repaired: no catalog")),
        (BROKEN, Answer(4), Answer(5), PageCount(None, "corrupt: engines count 4 and 5 pages; no catalog")),
        (CODED, Answer(4), Answer(4), PageCount(4, "")),
        (CODED, Answer(4), FAILED, PageCount(4, "repaired: only one engine reads it; encrypted object streams")),
    ],
)
def test_a_count_is_what_the_answers_support(
    walk: Answer, pdfium: Answer, pypdf: Answer | None, expected: PageCount
) -> None:
    assert Answers(walk, pdfium, pypdf=pypdf).weigh() == expected


@pytest.mark.parametrize(
    ("walk", "pdfium", "loaded", "pypdf", "expected"),
    [
        # An abstention is no vote.
        (BROKEN, Answer(4), Answer(4), FAILED, PageCount(4, "repaired: no catalog")),
        (BROKEN, Answer(4), Answer(4), Answer(0), PageCount(4, "repaired: no catalog")),
        (BROKEN, FAILED, None, Answer(4), PageCount(4, "repaired: no catalog")),
        # /Count says six, of which four are there.
        (BROKEN, Answer(6), Answer(4), FAILED, PageCount(4, "repaired: no catalog")),
        (BROKEN, Answer(6), Answer(4), Answer(4), PageCount(4, "repaired: no catalog")),
        (BROKEN, Answer(6), Answer(0), FAILED, PageCount(None, "corrupt: none of its pages can be loaded; no catalog")),
        # A kid that the walk could not read is not zero pages.
        (open_kid(5, 2), Answer(7), Answer(7), Answer(7), PageCount(7, "repaired: not a PDF object")),
        (open_kid(5, 2), Answer(7), Answer(7), FAILED, PageCount(7, "repaired: not a PDF object")),
        (open_kid(0), Answer(1), Answer(1), Answer(0), PageCount(1, "repaired: not a PDF object")),
        (open_kid(5), FAILED, None, Answer(6), PageCount(6, "repaired: not a PDF object")),
        # Engines that agree see a kid that PDFium does not load.
        (open_kid(5, 2), Answer(7), Answer(5), Answer(7), PageCount(7, "repaired: not a PDF object")),
        (BROKEN, Answer(7), Answer(5), Answer(7), PageCount(7, "repaired: no catalog")),
        (BROKEN, Answer(7), Answer(5), Answer(6), PageCount(None, "corrupt: engines count 5 and 6 pages; no catalog")),
        # PDFium shows no more than /Count says.
        (open_kid(5), Answer(2), Answer(2), Answer(6), PageCount(6, "repaired: not a PDF object")),
        (open_kid(5), Answer(2), Answer(2), FAILED, PageCount(5, "repaired: not a PDF object")),
        # A walk that finds nothing has no vote either.
        (
            Answer(0),
            Answer(2),
            Answer(2),
            Answer(2),
            PageCount(2, "repaired: the page tree has no pages, engines show some"),
        ),
        (Answer(0, "/Count says 2"), Answer(2), Answer(0), Answer(0), PageCount(None, "no_pages: /Count says 2")),
    ],
)
def test_where_the_walk_is_not_complete_what_engines_show_decides(
    walk: Answer, pdfium: Answer, loaded: Answer | None, pypdf: Answer, expected: PageCount
) -> None:
    answers = Answers()
    asked = []
    while (method := answers.next_method) is not None:
        asked.append(method)
        answer = {"walk": walk, "pdfium": pdfium, "loaded": loaded, "pypdf": pypdf}[method]
        assert answer is not None
        answers = answers.adding(method, answer)
    assert asked == ["walk", "pdfium", *(["loaded"] if loaded else []), "pypdf"]
    assert answers.weigh() == expected


def test_a_needed_password_outweighs_a_walk_over_the_unencrypted_structure() -> None:
    answers = Answers(Answer(1), LOCKED)
    assert answers.weigh() == PageCount(None, "encrypted: a password is needed")
    assert answers.next_method is None


@pytest.mark.parametrize(
    ("answers", "method"),
    [
        (Answers(), "walk"),
        (Answers(Answer(3)), "pdfium"),
        (Answers(Answer(3), Answer(3)), None),
        (Answers(Answer(3, "flaw"), Answer(5)), None),
        (Answers(Answer(0), Answer(0)), None),
        (Answers(Answer(3), Answer(5)), "pypdf"),
        (Answers(Answer(3), FAILED), "pypdf"),
        (Answers(CODED, Answer(5)), "pypdf"),
        (Answers(BROKEN, Answer(5)), "loaded"),
        (Answers(BROKEN, Answer(5), Answer(5)), "pypdf"),
        (Answers(BROKEN, Answer(5), Answer(5), FAILED), None),
    ],
)
def test_another_opinion_is_asked_for_only_where_it_can_matter(answers: Answers, method: str | None) -> None:
    assert answers.next_method == method
