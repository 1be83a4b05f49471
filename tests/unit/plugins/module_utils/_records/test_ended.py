# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of what opens and what ends something, the later counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.ended import (
    FACT_BYTES,
    ended_at,
    ended_facts,
    is_open,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import S3Object
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

FOLDER = S3Uri("results", "run/status/_stages/open/")


def fact(second: int, *, ends: bool) -> bytes:
    when = datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC)
    ((key, found),) = ended_facts(FOLDER, [S3Object(FOLDER.join("d/a.json.pdf.json"), 1, "e", when)], ends=ends)
    assert (key, len(found)) == ("d/a.json.pdf", FACT_BYTES)
    return found


@pytest.mark.parametrize(("begun", "ended", "expected"), [(1, 2, False), (2, 1, True), (1, 1, False)])
def test_the_later_counts_and_the_end_of_two_as_old(begun: int, ended: int, expected: bool) -> None:
    assert is_open(max(fact(begun, ends=False), fact(ended, ends=True))) is expected


def test_what_nothing_is_known_of_is_not_open() -> None:
    assert not is_open(None)
    assert is_open(fact(1, ends=False))


def test_it_is_told_when_something_was_ended() -> None:
    assert ended_at(fact(7, ends=True)) == datetime(2026, 11, 24, 10, 0, 7, tzinfo=UTC).timestamp()
    assert ended_at(fact(7, ends=False)) is None
    assert ended_at(None) is None
