# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of page counts, and cuts of them, for tests."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import Manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.facts import Facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import marker_facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import manifest_rows, to_csv
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME, manifest_uri, table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary, Totals
from ansible_collections.glossapi.farm.plugins.module_utils._records.work import Work, WorkRules, WorkTable
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MARKED_AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def work_table(rows: Iterable[CountRow], rules: WorkRules | None = None) -> WorkTable:
    """Return the table that has these rows, in their order."""
    table = write_table(rows)
    return WorkTable(lambda: io.BytesIO(table), "the table", rules or WorkRules())


def documents_of(work: Iterable[Work]) -> list[Document]:
    """Return what a manifest would list of them."""
    return [Document(uri.decode(), pages, int(size) if size else None) for _key, uri, pages, size in work]


def finished(states: Mapping[str, DocumentState]) -> Facts:
    """Return what a listing of markers of these documents, by key, comes to."""
    return marker_facts((key, state, _MARKED_AT) for key, state in states.items())


def shards_of(manifest: Manifest) -> list[list[Document]]:
    """Return each shard's documents as its file lists them."""
    shards = []
    for shard in manifest.shards:
        with shard.manifest.open() as file, shard.list.open() as uris:
            documents = [document for _line, document in manifest_rows(file.read(), "the manifest")]
            assert uris.read() == "".join(f"{document.uri}\n" for document in documents).encode()
        shards.append(documents)
    return shards


def put_cut(
    client: S3Client, manifests: S3Uri, shards: Mapping[int, Sequence[Document]], *others: CountRow, **summary: object
) -> Summary:
    """Write a table, of these documents and other rows, and a cut of it; return its summary.

    Args:
        client: of the S3 that has the bucket.
        manifests: takes the table and the cut alike.
        shards: each shard's documents.
        others: rows that are in no shard.
        summary: fields of the summary that are to be otherwise.
    """
    listed = [document for documents in shards.values() for document in documents]
    rows = {CountRow(uri, size, "etag", pages, "") for uri, pages, size in listed} | set(others)
    put_bytes(client, table_uri(manifests), write_table(sorted(rows)), "text/csv")
    for number, documents in shards.items():
        put_bytes(client, manifest_uri(manifests, number), to_csv(documents), "text/csv")
    told = Summary(
        **{
            "shards": tuple(ShardSummary(number) for number in shards),
            "totals": Totals(documents=len(listed)),
            "counts": str(table_uri(manifests)),
            **summary,
        }  # type: ignore[arg-type]
    )
    put_bytes(client, manifests.join(SUMMARY_NAME), told.to_json([]), "application/json")
    return told
