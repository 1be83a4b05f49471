# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import history_uri, marker_uri, progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import (
    MOST_NAMED,
    Balance,
    Farm,
    read_farm,
    read_markers,
)
from tests.support.markers import make_marker
from tests.support.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SUMMARY = "shard_summary.json"
_DONE = make_marker(uri="")


@pytest.fixture
def cut(client: S3Client, bucket: S3Uri) -> S3Uri:
    """The manifests of two shards with three documents."""
    manifests = bucket.join("manifests", "")
    shards = {1: ["a/report.pdf"], 2: ["b/report.pdf", "c.pdf"]}
    for number, keys in shards.items():
        rows = "".join(f"s3://raw/{key},10,5\n" for key in keys)
        put_bytes(client, manifests.join(f"shard_{number}.csv"), f"uri,pages,bytes\n{rows}".encode(), "text/csv")
    numbers = [{"shard": number, "documents": len(keys), "pages": 10} for number, keys in shards.items()]
    summary = {"shards": numbers, "totals": {"documents": 3}, "skipped": {"encrypted": 1}, "imbalance": 1.5}
    put_bytes(client, manifests.join(_SUMMARY), json.dumps(summary).encode(), "application/json")
    return manifests


def _mark(client: S3Client, results: S3Uri, key: str, failure_class: str | None = None) -> None:
    marker = replace(_DONE, uri=f"s3://raw/{key}", failure_class=failure_class)
    put_bytes(client, marker_uri(results, key, marker.state), marker.to_json(), "application/json")


def _read(client: S3Client, manifests: S3Uri, results: S3Uri) -> Farm:
    return read_farm(client, results, read_markers(client, manifests, results, _SUMMARY), verify_outputs=True)


def test_every_document_is_told_from_s3_alone(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    _mark(client, results, "a/report.pdf")
    put_bytes(client, results.join("shard-1", "markdown", "a/report.pdf.md"), b"text", "text/markdown")
    _mark(client, results, "c.pdf", "needs_ocr")
    farm = _read(client, cut, results)
    assert farm.reconciliation.balances
    assert (farm.reconciliation.done, farm.reconciliation.failed, farm.reconciliation.pending) == (1, 1, 1)
    assert farm.shards[1].failures == {"needs_ocr": 1}
    assert [marker.uri for marker in farm.failed_documents] == ["s3://raw/c.pdf"]
    assert farm.skipped == {"encrypted": 1}
    assert farm.balance == Balance(1.5, None)


def test_of_many_failed_documents_all_are_counted_and_the_first_are_named(client: S3Client, bucket: S3Uri) -> None:
    keys = [f"{number}.pdf" for number in range(MOST_NAMED + 2)]
    rows = "".join(f"s3://raw/{key},1,5\n" for key in keys)
    put_bytes(client, bucket.join("m", "shard_1.csv"), f"uri,pages,bytes\n{rows}".encode(), "text/csv")
    numbers = [{"shard": 1, "documents": len(keys), "pages": len(keys)}]
    summary = {"shards": numbers, "totals": {"documents": len(keys)}}
    put_bytes(client, bucket.join("m", _SUMMARY), json.dumps(summary).encode(), "application/json")
    for key in keys:
        _mark(client, bucket.join("r"), key, "timeout" if key != "0.pdf" else "gpu")
    farm = _read(client, bucket.join("m"), bucket.join("r"))
    assert farm.shards[0].failures == {"gpu": 1, "timeout": MOST_NAMED + 1}
    assert len(farm.failed_documents) == 1 + MOST_NAMED


def test_a_document_called_done_without_its_markdown_is_found(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    _mark(client, results, "a/report.pdf")
    _mark(client, results, "b/report.pdf")
    put_bytes(client, results.join("shard-1", "markdown", "a/report.pdf.md"), b"text", "text/markdown")
    put_bytes(client, results.join("shard-2", "markdown", "b/report.pdf.md"), b"", "text/markdown")
    farm = _read(client, cut, results)
    assert farm.reconciliation.missing_outputs == 1
    assert not farm.reconciliation.balances


def test_a_marker_that_cannot_be_read_stays_failed_and_is_told(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    put_bytes(client, results.join("status", "c.pdf.failed"), b"?", "application/json")
    put_bytes(client, results.join("status", "b/report.pdf.failed"), b"{}", "application/json")
    farm = _read(client, cut, results)
    assert farm.shards[1].failures == {"unknown": 2}
    assert [marker.uri for marker in farm.failed_documents] == ["b/report.pdf"]
    (told,) = farm.unreadable
    assert "status/c.pdf.failed is not a marker" in told


def test_a_supervisor_that_cannot_be_understood_says_nothing(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    put_bytes(client, progress_uri(results, 1), b'{"schema": 2}', "application/json")
    put_bytes(client, progress_uri(results, 2), make_progress(shard=2).to_json(), "application/json")
    put_bytes(client, history_uri(results, 2), b"?", "application/json")
    farm = _read(client, cut, results)
    assert (list(farm.progress), list(farm.histories)) == ([2], [])
    assert ["update the collection" in farm.unreadable[0], "history" in farm.unreadable[1]] == [True, True]
    assert farm.reconciliation.balances
