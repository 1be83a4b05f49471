# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    markdown_uri,
    marker_uri,
    output_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.results import collect, copy_markdown, shown_path
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_the_markdown_of_what_is_done_lies_there_by_its_key(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    for key, state in {
        "scans/typescript-1962.pdf": DocumentState.DONE,
        "university-a/report.pdf": DocumentState.DONE,
        "a/Έκθεση.pdf": DocumentState.DONE,
        "broken/wrong-layer.pdf": DocumentState.FORWARDED,
    }.items():
        body = make_marker(shard=3).to_json()
        put_bytes(client, marker_uri(bucket, key, state), body, "application/json")
        put_bytes(client, markdown_uri(output_folder(bucket, 3), key), key.encode(), "text/markdown")
    shown = copy_markdown(client, bucket, tmp_path)
    keys = ["university-a/report.pdf", "scans/typescript-1962.pdf"]
    assert list(shown.items()) == [(key, tmp_path / f"{key}.md") for key in keys]
    assert (tmp_path / "a/Έκθεση.pdf.md").read_text() == "a/Έκθεση.pdf"
    assert not (tmp_path / "broken").exists()


def test_what_was_made_is_named_and_what_was_not_is_not(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    table = bucket.join("page_counts_master.csv")
    assert collect(client, bucket, table, tmp_path) == ""

    put_bytes(client, table, b"uri,bytes,etag,pages,error\n", "text/csv")
    key = "scans/typescript-1962.pdf"
    put_bytes(client, marker_uri(bucket, key, DocumentState.DONE), make_marker(shard=1).to_json(), "application/json")
    put_bytes(client, markdown_uri(output_folder(bucket, 1), key), "# Έκθεση\n\nnext line".encode(), "text/markdown")
    (tmp_path / "report.txt").write_text("shard  node\n    1  a\n\ninput 1 = 1 done\n")
    assert collect(client, bucket, table, tmp_path).splitlines() == [
        "input 1 = 1 done",
        "",
        f"the report: {tmp_path / 'report.txt'}",
        f"the report as a page: {tmp_path / 'report.html'}",
        f"the page counts: {tmp_path / 'page_counts_master.csv'}",
        f"the text: {tmp_path / 'corpus'}, for example",
        f"  {tmp_path / 'corpus' / key}.md: recognised from a scan",
    ]
    assert (tmp_path / "page_counts_master.csv").read_text() == "uri,bytes,etag,pages,error\n"


def test_a_path_below_this_folder_is_shown_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / ".demo/report.txt") == Path(".demo/report.txt")
    assert shown_path(Path("/elsewhere/report.txt")) == Path("/elsewhere/report.txt")
