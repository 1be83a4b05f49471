# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.job import CutJob, cut_shards
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


@pytest.fixture
def job(bucket: S3Uri, tmp_path: Path) -> CutJob:
    counts = tmp_path / "counts.csv"
    counts.write_bytes(write_table([CountRow(f"s3://raw/{name}.pdf", 9, "e", 4, "") for name in "ab"]))
    return CutJob(str(counts), bucket.join("m"), CutOptions((1.0,)), exclude_finished=bucket.join("r", "status", ""))


def test_a_table_becomes_shards_without_what_is_finished(connection: Connection, bucket: S3Uri, job: CutJob) -> None:
    client = connection.client()
    put_bytes(client, marker_uri(bucket.join("r"), "a.pdf", DocumentState.DONE), b"{}", "application/json")
    checked = cut_shards(connection, job, write=False)
    assert not list(list_objects(client, job.output_prefix))
    assert cut_shards(connection, job, write=True) == checked
    assert [document.uri for document in read_manifest(client, job.output_prefix, 1)] == ["s3://raw/b.pdf"]
    assert cut_shards(connection, job, write=True)[1].files == ()


def test_the_summary_says_what_the_account_needs_to_know(
    connection: Connection, job: CutJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(job.counts).parent)
    options = CutOptions((1.0,), skip_errors=False, min_pages=2)
    summary, _publication = cut_shards(connection, replace(job, counts="counts.csv", options=options), write=False)
    assert (summary.counts, summary.rules) == (job.counts, options.rules)


def test_rows_go_by_and_without_a_table_there_is_no_cut(connection: Connection, job: CutJob, tmp_path: Path) -> None:
    rows: list[int] = []
    cut_shards(connection, job, write=False, went_by=rows.append)
    assert sum(rows) == 2
    with pytest.raises(NotYetError):
        cut_shards(connection, replace(job, counts=str(tmp_path / "none.csv")), write=True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], "it has no row"), ([CountRow("s3://raw/a.pdf", 9, "e", None, "encrypted")], "encrypted: 1|error: 1")],
)
def test_a_table_without_a_document_is_not_cut_and_the_shards_stay(
    connection: Connection, job: CutJob, rows: list[CountRow], said: str
) -> None:
    everything = replace(job, exclude_finished=None)
    cut_shards(connection, everything, write=True)
    Path(job.counts).write_bytes(write_table(rows))
    with pytest.raises(FarmError, match=rf"has no document to process \(.*({said}).*those there are stay"):
        cut_shards(connection, everything, write=True)
    client = connection.client()
    assert len(list(read_manifest(client, job.output_prefix, 1))) == 2
    # Where everything is finished there is nothing to cut, and nothing is wrong.
    assert cut_shards(connection, job, write=True)[0].totals.documents == 0
