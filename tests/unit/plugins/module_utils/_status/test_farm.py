# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    history_uri,
    marker_uri,
    math_uri,
    progress_uri,
    shard_quality_uri,
    table_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Sums
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import (
    MOST_NAMED,
    Balance,
    Farm,
    look,
    read_farm,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import FormulaFailures
from tests.support.cuts import put_cut
from tests.support.markers import make_marker
from tests.support.progress import make_progress
from tests.support.queued import queued_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DONE = make_marker(uri="")


@pytest.fixture
def cut(client: S3Client, bucket: S3Uri) -> S3Uri:
    """The manifests of two shards with three documents, and their table."""
    manifests = bucket.join("manifests", "")
    shards = {1: [_document("a/report.pdf")], 2: [_document("b/report.pdf"), _document("c.pdf")]}
    locked = CountRow("s3://raw/locked.pdf", 5, "etag", None, "encrypted: needs a password")
    put_cut(client, manifests, shards, locked, imbalance=1.5)
    return manifests


def _document(key: str) -> Document:
    return Document(f"s3://raw/{key}", 10, 5)


def _mark(client: S3Client, results: S3Uri, key: str, failure_class: str | None = None) -> None:
    marker = replace(_DONE, uri=f"s3://raw/{key}", failure_class=failure_class)
    put_bytes(client, marker_uri(results, key, marker.state), marker.to_json(), "application/json")


def _read(client: S3Client, manifests: S3Uri, results: S3Uri) -> Farm:
    return read_farm(client, results, look(client, manifests, results, SUMMARY_NAME, verify_outputs=True))


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


def test_what_an_earlier_cut_finished_stays_in_the_account(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    _mark(client, results, "a/report.pdf", "timeout")
    put_cut(
        client,
        cut,
        {1: [_document("b/report.pdf"), _document("c.pdf")]},
        CountRow("s3://raw/a/report.pdf", 5, "e", 10, ""),
    )
    found = look(client, cut, results, SUMMARY_NAME, verify_outputs=False)
    farm = read_farm(client, results, found)
    assert (found.pending, farm.reconciliation.input, farm.reconciliation.failed) == (2, 3, 1)
    assert farm.no_shard.failures == {"timeout": 1}
    assert [marker.uri for marker in farm.failed_documents] == ["s3://raw/a/report.pdf"]


def test_a_table_that_was_written_again_without_a_document_of_the_shards_is_told(
    client: S3Client, bucket: S3Uri, cut: S3Uri
) -> None:
    put_bytes(client, table_uri(cut), write_table([CountRow("s3://raw/c.pdf", 5, "e", 10, "")]), "text/csv")
    farm = _read(client, cut, bucket.join("results"))
    assert (farm.reconciliation.input, farm.reconciliation.balances) == (1, True)
    assert "2 documents of the shards are not in s3://" in farm.unreadable[0]


def test_of_many_failed_documents_all_are_counted_and_the_first_are_named(client: S3Client, bucket: S3Uri) -> None:
    keys = [f"{number}.pdf" for number in range(MOST_NAMED + 2)]
    put_cut(client, bucket.join("m"), {1: list(map(_document, keys))})
    for key in keys:
        _mark(client, bucket.join("r"), key, "timeout" if key != "0.pdf" else "gpu")
    farm = _read(client, bucket.join("m"), bucket.join("r"))
    assert farm.shards[0].failures == {"gpu": 1, "timeout": MOST_NAMED + 1}
    assert len(farm.failed_documents) == 1 + MOST_NAMED


def test_of_pieces_no_more_failed_documents_are_named_than_of_one_shard(client: S3Client, bucket: S3Uri) -> None:
    manifests, results = bucket.join("m"), bucket.join("r")
    keys = [f"{number}.pdf" for number in range(MOST_NAMED + 2)]
    pieces = {number: [_document(key)] for number, key in enumerate(keys, 1)}
    left_out = CountRow("s3://raw/z.pdf", 5, "etag", 10, "")
    put_cut(client, manifests, pieces, left_out, piece_pages=10)
    for key in [*keys, "z.pdf"]:
        _mark(client, results, key, "timeout")
    farm = _read(client, manifests, results)
    assert farm.pieces is not None
    assert farm.pieces.total.failures == {"timeout": MOST_NAMED + 2}
    uris = [marker.uri for marker in farm.failed_documents]
    assert (len(uris), "s3://raw/z.pdf" in uris) == (MOST_NAMED + 1, True)


def test_documents_whose_text_is_no_text_are_told_from_those_that_failed_otherwise(
    client: S3Client, bucket: S3Uri, cut: S3Uri
) -> None:
    results = bucket.join("results")
    for key, failure_class in (("a/report.pdf", "unreadable"), ("b/report.pdf", "timeout"), ("c.pdf", "needs_ocr")):
        _mark(client, results, key, failure_class)
    farm = _read(client, cut, results)
    assert farm.poor == Sums(2, 2 * (_DONE.pages or 0))
    assert farm.reconciliation.failed == 3


def test_documents_that_failed_at_a_stage_are_told_from_those_of_another(
    client: S3Client, bucket: S3Uri, cut: S3Uri
) -> None:
    results = bucket.join("results")
    _mark(client, results, "a/report.pdf", "timeout")
    failed = make_marker(uri="s3://raw/b/report.pdf", failure_class="unreadable", stage=Stage.OCR)
    handed_on = make_marker(uri="s3://raw/c.pdf", open_pages=(1,))
    for key, marker in (("b/report.pdf", failed), ("c.pdf", handed_on)):
        put_bytes(client, marker_uri(results, key, marker.state), marker.to_json(), "application/json")
    farm = _read(client, cut, results)
    assert (farm.failed_at_stage, farm.ended) == ({"timeout": 1}, 3)
    ocr = read_farm(client, results, look(client, cut, results, SUMMARY_NAME, Stage.OCR, verify_outputs=False))
    assert (ocr.failed_at_stage, ocr.ended) == ({"unreadable": 1}, 1)
    math = read_farm(client, results, look(client, cut, results, SUMMARY_NAME, Stage.MATH, verify_outputs=False))
    assert (math.failed_at_stage, math.ended) == ({}, 0)


def test_documents_without_their_formulas_are_read_of_at_stage_math_alone(
    client: S3Client, bucket: S3Uri, cut: S3Uri
) -> None:
    results = bucket.join("results")
    found = look(client, cut, results, SUMMARY_NAME, Stage.MATH, verify_outputs=False)
    for key, failure_class in (("a/report.pdf", "timeout"), ("b/report.pdf", None)):
        ended = make_marker(uri=f"s3://raw/{key}", failure_class=failure_class, stage=Stage.MATH)
        put_bytes(client, math_uri(results, key), ended.to_json(), "application/json")
        found.account.formulas_in_doubt.add([(key.encode(), b"\0\0\0\1")])
    put_bytes(client, math_uri(results, "c.pdf"), b"?", "application/json")
    found.account.formulas_in_doubt.add([(b"c.pdf", b"\0\0\0\2")])
    farm = read_farm(client, results, found)
    assert farm.formula_failures.by_class == {"timeout": 1}
    assert [marker.uri for marker in farm.formula_failures.named] == ["s3://raw/a/report.pdf"]
    assert "_stages/math/c.pdf.json is not a marker" in farm.unreadable[0]
    text = read_farm(client, results, replace(found, stage=Stage.TEXT))
    assert (text.formula_failures, text.unreadable) == (FormulaFailures(), ())


def test_what_the_shards_text_is_worth_is_read(client: S3Client, bucket: S3Uri, cut: S3Uri) -> None:
    results = bucket.join("results")
    put_bytes(client, shard_quality_uri(results, 1), ShardQuality(1, 0.5).to_json(), "application/json")
    put_bytes(client, shard_quality_uri(results, 2), b"?", "application/json")
    farm = _read(client, cut, results)
    assert farm.text_quality.by_shard == {1: ShardQuality(1, 0.5)}
    assert "shard-2.quality.json is not the quality of a shard" in farm.unreadable[0]


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


def test_of_a_cut_of_pieces_those_are_read_who_have_said_something(client: S3Client, bucket: S3Uri) -> None:
    manifests, results = bucket.join("manifests", ""), bucket.join("results")
    pieces = {number: [_document(f"{number}.pdf")] for number in range(1, 6)}
    cut = tuple(ShardSummary(number, documents=1, pages=10) for number in pieces)
    told = replace(put_cut(client, manifests, pieces), shards=cut, piece_pages=10)
    put_bytes(client, manifests.join(SUMMARY_NAME), told.to_json([]), "application/json")
    _mark(client, results, "1.pdf")
    _mark(client, results, "2.pdf", "timeout")
    put_bytes(client, progress_uri(results, 9), queued_progress(9, helping=(3,)).to_json(), "application/json")
    put_bytes(client, progress_uri(results, 10), b"?", "application/json")
    found = look(client, manifests, results, SUMMARY_NAME, verify_outputs=False)
    farm = read_farm(client, results, found)
    assert [(each.shard, each.documents) for each in farm.shards] == [(9, 0)]
    assert farm.pieces is not None
    assert (farm.pieces.number, farm.pieces.unfinished, farm.pieces.pages_left) == (5, frozenset({3, 4, 5}), 30)
    assert (farm.waiting, found.pending, farm.pages_done) == (3, 3, 10)
    assert farm.reconciliation.balances
    assert [problem for problem in farm.unreadable if problem.startswith("shard 10: ")]
