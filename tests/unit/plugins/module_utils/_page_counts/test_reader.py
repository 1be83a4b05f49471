# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.reader import (
    Answer,
    Failure,
    ReaderSettings,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.table import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error


def line_of(answer: Answer | Failure) -> bytes:
    return json.dumps(asdict(answer)).encode() + b"\n"


def test_settings_come_back_as_they_were_sent() -> None:
    settings = ReaderSettings(Connection(region="r", secret_key="s\nx", verify=False), "bucket", 32, 1)
    line = settings.to_line()
    assert line.count(b"\n") == 1
    assert ReaderSettings.from_line(line) == settings


def test_an_answer_comes_back_as_it_was_written() -> None:
    answer = Answer(CountRow("s3://b/λ\n.pdf", 1, "e", None, "corrupt: x"), 2, 300)
    assert line_of(answer).count(b"\n") == 1
    assert parse_answer(line_of(answer)) == answer


def test_a_failure_is_told_from_an_answer() -> None:
    failure = Failure("Cannot read: expired.", "ExpiredToken")
    assert parse_answer(line_of(failure)) == failure


@pytest.mark.parametrize("error", [FarmError("The disk is full."), S3Error("Cannot read: expired.", "ExpiredToken")])
def test_a_failure_is_raised_as_it_was(error: FarmError) -> None:
    told = Failure.of(error).error()
    assert type(told) is type(error)
    assert vars(told) == vars(error)
    assert str(told) == str(error)


def test_a_key_that_is_not_utf8_passes_between_processes() -> None:
    uri = "s3://b/" + b"\xff.pdf".decode("utf-8", "surrogateescape")
    answer = parse_answer(line_of(Answer(CountRow(uri, 1, "e", 1, ""), 1, 1)))
    assert isinstance(answer, Answer)
    assert answer.row.uri == uri
