# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting import reader as reader_module
from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import Counted, Fallback, ListedObject
from ansible_collections.glossapi.farm.plugins.module_utils._counting.reader import (
    Answer,
    Failure,
    Reader,
    ReaderSettings,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error


def passed_on(message: object) -> Any:
    """Return what of a message is left behind a pipe."""
    return json.loads(json.dumps(message))


def test_settings_come_back_as_they_were_sent() -> None:
    settings = ReaderSettings(Connection(region="r", secret_key="s\nx", verify=False), "bucket", 32, 2)
    assert ReaderSettings.from_message(passed_on(asdict(settings))) == settings


def test_an_answer_comes_back_as_it_was_written() -> None:
    answer = Answer(CountRow("s3://b/λ\n.pdf", 1, "e", None, "corrupt: x"), 2, 300, "why")
    assert parse_answer(passed_on(asdict(answer))) == answer


def test_a_failure_is_told_from_an_answer() -> None:
    failure = Failure("Cannot read: expired.", "ExpiredToken")
    assert parse_answer(passed_on(asdict(failure))) == failure


@pytest.mark.parametrize("error", [FarmError("The disk is full."), S3Error("Cannot read: expired.", "ExpiredToken")])
def test_a_failure_is_raised_as_it_was(error: FarmError) -> None:
    told = Failure.of(error).error()
    assert type(told) is type(error)
    assert vars(told) == vars(error)
    assert str(told) == str(error)


def test_a_key_that_is_not_utf8_passes_between_processes() -> None:
    uri = "s3://b/" + b"\xff.pdf".decode("utf-8", "surrogateescape")
    answer = parse_answer(passed_on(asdict(Answer(CountRow(uri, 1, "e", 1, ""), 1, 1))))
    assert isinstance(answer, Answer)
    assert answer.row.uri == uri


TOGETHER = 3
SETTINGS = ReaderSettings(Connection(region="r", endpoint_url="http://127.0.0.1:9"), "b", TOGETHER, 2)
DOCUMENTS = [[f"s3://b/{number}.pdf", 1, "e"] for number in range(2 * TOGETHER)]
Count = Callable[[ListedObject, Fallback], CountRow]


def answers(monkeypatch: pytest.MonkeyPatch, counted: Count) -> list[Answer | Failure]:
    """Run a reader that has ``counted`` in place of the real way to count, and return what it told."""
    monkeypatch.setattr(
        reader_module,
        "count_document",
        lambda document, _source, _structural, fallback: Counted(counted(document, fallback), "for the log"),
    )
    told: list[Any] = []
    Reader(SETTINGS, told.append).run(iter(DOCUMENTS))
    return [parse_answer(message) for message in told]


def row(document: ListedObject, pages: int) -> CountRow:
    return CountRow(document.uri, document.bytes, document.etag, pages, "")


def test_as_many_documents_as_said_are_worked_on_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = threading.Barrier(TOGETHER, timeout=300)

    def counted(document: ListedObject, _fallback: Fallback) -> CountRow:
        barrier.wait()
        return row(document, 1)

    found = [answer for answer in answers(monkeypatch, counted) if isinstance(answer, Answer)]
    assert {answer.row.uri for answer in found} == {uri for uri, _size, _etag in DOCUMENTS}
    assert {answer.detail for answer in found} == {"for the log"}


def test_several_fallbacks_count_at_a_time_and_end_with_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = threading.Barrier(2, timeout=300)
    closed: list[object] = []

    class Child:
        def count(self, path: Path, reason: str) -> PageCount:
            barrier.wait()
            return PageCount(int(path.name), reason)

        def close(self) -> None:
            closed.append(self)

    def counted(document: ListedObject, fallback: Fallback) -> CountRow:
        return row(document, fallback.count(Path("7"), "").pages or 0)

    monkeypatch.setattr(reader_module, "FallbackReader", Child)
    found = answers(monkeypatch, counted)
    assert [answer.row.pages for answer in found if isinstance(answer, Answer)] == [7] * len(DOCUMENTS)
    assert len(set(closed)) == 2


def test_why_no_document_can_be_counted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answers(monkeypatch, Mock(side_effect=S3Error("Cannot read: expired.", "ExpiredToken")))
    assert set(found) == {Failure("Cannot read: expired.", "ExpiredToken")}


def test_an_error_in_the_reader_itself_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        answers(monkeypatch, Mock(side_effect=ZeroDivisionError))
