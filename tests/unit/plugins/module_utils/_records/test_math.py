# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records import math
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.ended import ended_facts, is_open
from ansible_collections.glossapi.farm.plugins.module_utils._records.forwarded import has_failed, pages_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.math import (
    Wanted,
    may_have_failed,
    read_formulas,
    read_math_facts,
    read_open_of,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import formulas_uri, math_folder, math_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import S3Object, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

RESULTS = S3Uri("results", "run")


def test_formulas_are_open_until_the_stage_has_ended_them(client: S3Client, bucket: S3Uri) -> None:
    for key, formulas in {"d/Έκθεση.pdf": 7, "read.pdf": 2}.items():
        body = make_marker(open_formulas=formulas).to_json()
        put_bytes(client, formulas_uri(bucket, key), body, "application/json")
    # Whoever works on it says that it cannot be understood.
    put_bytes(client, formulas_uri(bucket, "odd.pdf"), b"?", "application/json")
    put_bytes(client, math_uri(bucket, "read.pdf"), b"{}", "application/json")
    put_bytes(client, formulas_uri(bucket, "unread.pdf"), make_marker(open_formulas=5).to_json(), "application/json")
    unread = make_marker(failure_class="timeout", message="too long").to_json()
    put_bytes(client, math_uri(bucket, "unread.pdf"), unread, "application/json")
    found = read_formulas(client, bucket, Wanted.OPEN).read().up_to(b"z")
    assert {key.decode(): pages_of(fact) for key, fact in found.items()} == {"d/Έκθεση.pdf": 7, "odd.pdf": 1}
    kept = read_formulas(client, bucket, Wanted.OPEN_OR_FAILED).read().up_to(b"z")
    assert {key.decode(): (pages_of(fact), has_failed(fact)) for key, fact in kept.items()} == {
        "d/Έκθεση.pdf": (7, False),
        "odd.pdf": (1, False),
        "unread.pdf": (5, True),
    }
    everything = read_formulas(client, bucket, Wanted.ALL).read().up_to(b"z")
    assert {key.decode(): pages_of(fact) for key, fact in everything.items()} == {
        "d/Έκθεση.pdf": 7,
        "odd.pdf": 1,
        "read.pdf": 2,
        "unread.pdf": 5,
    }
    facts = read_math_facts(client, bucket).read().up_to(b"z")
    assert {key.decode() for key, fact in facts.items() if is_open(fact)} == {"d/Έκθεση.pdf", "odd.pdf"}
    documents = [Document(f"s3://raw/{key}", 1, 1) for key in ("read.pdf", "d/Έκθεση.pdf", "plain.pdf")]
    assert read_open_of(client, bucket, documents) == {"d/Έκθεση.pdf"}


@pytest.mark.parametrize(
    ("at", "ends", "expected"), [(2, True, True), (1, True, False), (0, True, False), (2, False, False)]
)
def test_what_the_stage_has_read_is_told_by_its_marker_that_is_as_new(at: int, ends: bool, expected: bool) -> None:
    """And what was done since, or has its formulas open again, is of no failure either."""
    uri = math_uri(RESULTS, "a.pdf")
    item = S3Object(uri, 1, "e", datetime(2026, 11, 24, 10, 0, at, tzinfo=UTC))
    ((_key, fact),) = ended_facts(math_folder(RESULTS), [item], ends=ends)
    assert may_have_failed(fact, datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC).timestamp()) is expected
    assert not may_have_failed(None, 0.0)


@pytest.mark.parametrize(("found", "ended", "expected"), [(1, 2, False), (2, 1, True), (1, 1, False)])
def test_the_later_counts_and_the_end_of_two_as_old(
    found: int, ended: int, expected: bool, client: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that stage text has read anew has its formulas open again."""
    times = {formulas_uri(RESULTS, "a.pdf"): found, math_uri(RESULTS, "a.pdf"): ended}

    def list_objects_at_once(_client: S3Client, folder: S3Uri) -> Iterator[S3Object]:
        for uri, second in times.items():
            if uri.key.startswith(folder.key):
                yield S3Object(uri, 1, "e", datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC))

    monkeypatch.setattr(math, "list_objects_at_once", list_objects_at_once)
    monkeypatch.setattr(math, "find_named", lambda client, folder, _names: list_objects_at_once(client, folder))
    (fact,) = read_math_facts(client, RESULTS).read().up_to(b"z").values()
    assert is_open(fact) is expected
    assert bool(read_open_of(client, RESULTS, [Document("s3://raw/a.pdf", 1, 1)])) is expected
