# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.pieces import pieces_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from tests.support.queued import CUT, STATUSES, pieces, queued_progress


def test_all_pieces_together_have_the_documents_of_each() -> None:
    found = pieces()
    assert (found.number, found.finished, found.unfinished) == (4, 1, frozenset({2, 3, 4}))
    assert found.total == ShardStatus(0, 40, 1800, 13, 1100, 1, 100, 26, {"timeout": 1})


def test_of_a_piece_that_is_begun_as_much_is_left_as_documents_wait() -> None:
    assert pieces().pages_left == pytest.approx(500 * 0.6 + 200 + 100)
    # What stage ocr has to do is in the cut, and not the documents' pages.
    handed_on = [replace(each, forwarded=each.pending) for each in STATUSES]
    assert pieces_of(CUT, handed_on, Stage.TEXT).pages_left == 0
    assert pieces_of(CUT, handed_on, Stage.OCR).pages_left == pytest.approx(600)


def test_a_piece_is_in_work_once_where_two_have_it_and_not_where_it_is_finished() -> None:
    said = [queued_progress(1, helping=(1, 2)), queued_progress(2, helping=(2, 3))]
    assert pieces().in_work(said) == 2
    assert pieces().line(said) == "pieces: 1 of 4 finished, 2 in work, 1 waiting"


def test_a_cut_without_documents_is_finished() -> None:
    nothing = [replace(each, documents=0, pages=0) for each in CUT[:1]]
    found = pieces_of(nothing, [replace(STATUSES[0], documents=0, pages=0)], Stage.TEXT)
    assert (found.finished, found.pages_left) == (1, 0)
