# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import (
    latest_states,
    marked_at,
    marker_facts,
    read_finished_facts,
    read_finished_of,
    state_of,
    unfinished,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    formulas_uri,
    kept_uri,
    marker_uri,
    math_uri,
    status_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3 import listing
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import S3Object, list_pages, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_STATUS = status_folder(S3Uri("results", "run"))


def test_only_this_shards_markers_count(client: S3Client, bucket: S3Uri) -> None:
    documents = [Document(f"s3://b/{name}.pdf", 1, 1) for name in ("done", "failed", "pending")]
    for key, state in (
        ("done.pdf", DocumentState.DONE),
        ("failed.pdf", DocumentState.FAILED),
        ("other.pdf", DocumentState.DONE),
    ):
        put_bytes(client, marker_uri(bucket, key, state), b"{}", "application/json")
    states = read_finished_of(client, bucket, documents)
    assert states == {"done.pdf": DocumentState.DONE, "failed.pdf": DocumentState.FAILED}
    assert unfinished(documents, states) == [documents[2]]


def test_markers_are_read_without_the_objects_of_stages(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ["a/1.pdf", "_stages/b.pdf", "_logs/c.pdf", "_d/e.pdf", *(f"{number}/f.pdf" for number in range(9))]
    for key in keys:
        put_bytes(client, marker_uri(bucket, key, DocumentState.DONE), b"{}", "application/json")
    put_bytes(client, marker_uri(bucket, "g/h.pdf", DocumentState.FORWARDED), b"{}", "application/json")
    others = [each(bucket, "a/1.pdf") for each in (kept_uri, formulas_uri, math_uri)]
    for uri in others:
        put_bytes(client, uri, b"{}", "application/json")
    listed: list[S3Uri] = []

    def spied(client: S3Client, prefix: S3Uri) -> Iterator[list[S3Object]]:
        for page in list_pages(client, prefix):
            listed.extend(item.uri for item in page)
            yield page

    monkeypatch.setattr(listing, "list_pages", spied)
    facts = read_finished_facts(client, status_folder(bucket)).read().up_to(b"~")
    assert {key.decode(): state_of(fact) for key, fact in facts.items()} == {
        **dict.fromkeys(keys, DocumentState.DONE),
        "g/h.pdf": DocumentState.FORWARDED,
    }
    assert not set(others) & set(listed)


def _listed(name: str, second: int) -> S3Object:
    return S3Object(_STATUS.join(name), 1, "e", datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC))


def test_the_later_of_two_markers_counts() -> None:
    objects = [
        _listed("a.pdf.failed", 1),
        _listed("a.pdf.done", 2),
        _listed("b.pdf.done", 1),
        _listed("b.pdf.failed", 2),
    ]
    assert latest_states(objects, _STATUS) == {"a.pdf": DocumentState.DONE, "b.pdf": DocumentState.FAILED}


def test_it_is_told_when_the_marker_that_counts_was_written() -> None:
    moments = [datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC) for second in (2, 1)]
    marked = [("a.pdf", DocumentState.DONE, moment) for moment in moments]
    assert marked_at(marker_facts(marked).read().up_to(b"a.pdf")[b"a.pdf"]) == moments[0].timestamp()


def test_of_two_markers_of_the_same_second_success_counts() -> None:
    objects = [_listed("a.pdf.done", 1), _listed("a.pdf.failed", 1)]
    assert latest_states(objects, _STATUS) == {"a.pdf": DocumentState.DONE}


def test_progress_and_other_objects_are_no_markers() -> None:
    assert latest_states([_listed("_progress/shard-1.json", 1), _listed("notes", 1)], _STATUS) == {}
