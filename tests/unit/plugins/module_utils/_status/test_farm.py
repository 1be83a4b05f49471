# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import (
    MOST_NAMED,
    Balance,
    Farm,
    read_farm,
    read_markers,
    read_summary,
    starts,
)
from tests.markers import make_marker
from tests.progress import make_progress

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


def test_a_shard_started_when_its_history_began_or_else_with_its_supervisor() -> None:
    progress = {shard: make_progress(shard=shard, started_at=100.0) for shard in (1, 2, 3)}
    histories = {2: History((Point(40.0, 0), Point(200.0, 1))), 3: History()}
    assert starts(progress, histories) == {1: 100.0, 2: 40.0, 3: 100.0}


def test_a_document_called_done_without_its_markdown_is_found(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    _mark(client, results, "a/report.pdf")
    _mark(client, results, "b/report.pdf")
    put_bytes(client, results.join("shard-1", "markdown", "a/report.pdf.md"), b"text", "text/markdown")
    put_bytes(client, results.join("shard-2", "markdown", "b/report.pdf.md"), b"", "text/markdown")
    farm = _read(client, cut, results)
    assert farm.reconciliation.missing_outputs == 1
    assert not farm.reconciliation.balances


def test_without_a_cut_it_says_what_to_do(client: S3Client, bucket: S3Uri) -> None:
    with pytest.raises(FarmError, match="cut the shards first"):
        _read(client, bucket.join("nothing", ""), bucket.join("results"))


def test_a_marker_that_is_none_is_named(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    put_bytes(client, results.join("status", "c.pdf.failed"), b"?", "application/json")
    with pytest.raises(FarmError, match=r"status/c\.pdf\.failed is not a marker"):
        _read(client, cut, results)


@pytest.mark.parametrize(
    "body", [b"?", b"[]", b'{"totals": {"documents": 1}, "shards": [{"shard": 1}]}', b'{"totals": {}, "shards": []}']
)
def test_what_is_no_summary_is_refused_with_its_place(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, bucket.join(_SUMMARY), body, "application/json")
    with pytest.raises(FarmError, match=r"shard_summary\.json is not a shard summary"):
        read_summary(client, bucket, _SUMMARY)
