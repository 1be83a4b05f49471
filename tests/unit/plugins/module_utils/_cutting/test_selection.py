# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.selection import select
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow

OPTIONS = CutOptions(weights=(1.0,))
GOOD = CountRow("s3://raw/good.pdf", 10, "etag", 5, "")
LOCKED = CountRow("s3://raw/locked.pdf", 10, "etag", None, "encrypted: needs a password")
REPAIRED = CountRow("s3://raw/repaired.pdf", 10, "etag", 7, "repaired: its page tree is broken")


def test_documents_without_pages_are_left_out_by_class_and_repaired_ones_used() -> None:
    selection = select([REPAIRED, LOCKED, GOOD], OPTIONS)
    assert [document.uri for document in selection.documents] == [GOOD.uri, REPAIRED.uri]
    assert selection.skipped == {"encrypted": 1}


def test_documents_without_pages_count_as_none_where_errors_are_not_skipped() -> None:
    selection = select([LOCKED], replace(OPTIONS, skip_errors=False))
    assert selection.documents == [Document(LOCKED.uri, 0, 10)]
    assert not selection.skipped


def test_only_known_counts_can_be_too_short() -> None:
    selection = select([GOOD, LOCKED], replace(OPTIONS, skip_errors=False, min_pages=6))
    assert [document.uri for document in selection.documents] == [LOCKED.uri]
    assert selection.skipped == {"too_short": 1}


def test_equal_rows_count_once() -> None:
    selection = select([GOOD, REPAIRED, GOOD, GOOD], OPTIONS)
    assert len(selection.documents) == 2
    assert selection.skipped == {"duplicate": 2}


@pytest.mark.parametrize("other", [GOOD._replace(pages=6), GOOD._replace(etag="new"), GOOD._replace(bytes=None)])
def test_contradicting_rows_are_refused(other: CountRow) -> None:
    with pytest.raises(FarmError, match=r"contradicting rows for 's3://raw/good\.pdf'"):
        select([GOOD, REPAIRED, other], OPTIONS)


def test_finished_documents_are_left_out_by_their_key() -> None:
    selection = select([GOOD, REPAIRED], OPTIONS, {"good.pdf", "unknown.pdf"})
    assert [document.uri for document in selection.documents] == [REPAIRED.uri]
    assert selection.skipped == {"finished": 1}


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("s3://raw/a\nb.pdf", "line_break"),
        ("s3://raw/a.pdf\r", "line_break"),
        ("s3://raw/a\u2028b", "line_break"),
        ("s3://raw/a\udcff.pdf", "not_utf8"),
    ],
)
def test_a_uri_that_cannot_be_a_line_is_left_out(uri: str, reason: str) -> None:
    assert select([GOOD._replace(uri=uri)], OPTIONS).skipped == {reason: 1}


def test_documents_of_several_buckets_are_welcome_unless_they_would_share_results() -> None:
    elsewhere = GOOD._replace(uri="s3://other/else.pdf")
    assert len(select([GOOD, elsewhere], OPTIONS).documents) == 2
    with pytest.raises(FarmError, match="have the same key"):
        select([GOOD, REPAIRED, GOOD._replace(uri="s3://other/good.pdf")], OPTIONS)


@pytest.mark.parametrize("uri", ["raw/a.pdf", "s3://raw", "/data/a.pdf"])
def test_what_is_no_address_is_refused(uri: str) -> None:
    with pytest.raises(FarmError, match="which is not the"):
        select([GOOD._replace(uri=uri)], OPTIONS)
