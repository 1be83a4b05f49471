# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tempfile
from collections.abc import Generator
from io import FileIO
from pathlib import Path
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.child import StartError
from ansible_collections.glossapi.farm.plugins.module_utils._counting import document as document_module
from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import (
    ListedObject,
    count_document,
    stops_the_run,
    was_read,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import ByteRange, PageCount, Unsettled
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error, describe

BODY = bytes(range(200))
DOCUMENT = ListedObject("s3://b/in/a.pdf", len(BODY), "etag")

Answers = Generator[ByteRange, bytes, PageCount | Unsettled]


class Source:
    """Serves BODY, or fails; keeps what was asked for."""

    def __init__(self, error: S3Error | None = None) -> None:
        self.error = error
        self.asked: list[tuple[int, int]] = []

    def read(self, key: str, start: int, end: int, etag: str) -> bytes:
        assert (key, etag) == ("in/a.pdf", "etag")
        if self.error:
            raise self.error
        self.asked.append((start, end))
        return BODY[start:end]


class Fallback:
    def __init__(self) -> None:
        self.saw: list[tuple[bytes, str]] = []
        self.path = Path()

    def count(self, path: Path, reason: str) -> PageCount:
        self.path = path
        self.saw.append((path.read_bytes(), reason))
        return PageCount(7, "repaired: rebuilt")


def settled(size: int) -> Answers:
    assert size == len(BODY)
    assert (yield ByteRange(150, 200)) == BODY[150:]
    assert (yield ByteRange(10, 20)) == BODY[10:20]
    return PageCount(3, "")


def unsettled(size: int) -> Answers:
    yield ByteRange(150, size)
    yield ByteRange(10, 20)
    return Unsettled("no trailer")


def test_the_structural_reader_gets_the_ranges_it_asks_for() -> None:
    source, fallback = Source(), Fallback()
    row = count_document(DOCUMENT, source, settled, fallback).row
    assert row == CountRow("s3://b/in/a.pdf", 200, "etag", 3, "")
    assert source.asked == [(150, 200), (10, 20)]
    assert not fallback.saw


def test_the_fallback_sees_the_whole_file_and_no_byte_is_read_twice() -> None:
    source, fallback = Source(), Fallback()
    row = count_document(DOCUMENT, source, unsettled, fallback).row
    assert (row.pages, row.error) == (7, "repaired: rebuilt")
    assert fallback.saw == [(BODY, "no trailer")]
    assert sum(end - start for start, end in source.asked) == len(BODY)
    assert not fallback.path.exists()


def test_a_small_document_for_the_fallback_takes_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=AssertionError))
    fallback = Fallback()
    assert count_document(DOCUMENT, Source(), unsettled, fallback).row.pages == 7
    assert fallback.saw == [(BODY, "no trailer")]


def test_a_failed_read_is_a_read_error_and_never_corrupt() -> None:
    error = describe("AccessDenied", "", "read s3://b/in/a.pdf")
    counted = count_document(DOCUMENT, Source(error), settled, Fallback())
    assert (counted.row.pages, counted.row.error_class) == (None, "read_error")
    assert str(error) in counted.detail


@pytest.mark.parametrize("detail", ["timed out after 1532 ms", "<RequestId>4F7A</RequestId>", "connection 7 reset"])
def test_the_row_of_a_failed_read_is_the_same_however_the_error_was_told(detail: str) -> None:
    error = describe("InternalError", detail, "read s3://b/in/a.pdf")
    counted = count_document(DOCUMENT, Source(error), settled, Fallback())
    assert counted.row.error == "read_error: InternalError"
    assert detail in counted.detail


def test_a_fallback_that_does_not_start_is_no_fault_of_the_document_and_does_not_end_the_run() -> None:
    fallback = Mock(count=Mock(side_effect=StartError("the reader of damaged PDFs did not start")))
    row = count_document(DOCUMENT, Source(), unsettled, fallback).row
    assert (row.pages, row.error) == (None, "read_error: the reader of damaged PDFs did not start")


def test_a_full_disk_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "_IN_MEMORY_BYTES", len(BODY) - 1)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FileIO("/dev/full", "w"))
    with pytest.raises(FarmError, match=r"No space left on device\. Free space there, or set TMPDIR"):
        count_document(DOCUMENT, Source(), unsettled, Fallback())


@pytest.mark.parametrize("code", ["ExpiredToken", "NoSuchBucket", "EndpointConnectionError", "PermanentRedirect"])
def test_an_error_that_every_document_would_meet_is_raised(code: str) -> None:
    with pytest.raises(S3Error) as caught:
        count_document(DOCUMENT, Source(describe(code, "", "read")), settled, Fallback())
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InvalidObjectState", "archived: restore it"),
        ("Changed", "changed: it was replaced after it was listed"),
        ("NoSuchKey", "gone: it was deleted after it was listed"),
    ],
)
def test_an_object_that_is_not_what_was_listed_has_a_class_of_its_own(code: str, error: str) -> None:
    row = count_document(DOCUMENT, Source(describe(code, "", "read")), settled, Fallback()).row
    assert (row.pages, row.error) == (None, error)
    assert not was_read(row)


@pytest.mark.parametrize(
    ("error", "read"), [("", True), ("corrupt: x", True), ("encrypted: x", True), ("read_error: SlowDown", False)]
)
def test_a_row_is_kept_where_the_document_itself_was_seen(error: str, read: bool) -> None:
    assert was_read(CountRow("s3://b/a.pdf", 1, "e", None if error else 1, error)) is read


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchKey", "SlowDown", "IncompleteBody", "Changed"])
def test_an_error_of_one_object_does_not_stop_the_run(code: str) -> None:
    assert not stops_the_run(describe(code, "", "read"))
