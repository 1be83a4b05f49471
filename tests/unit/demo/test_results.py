# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    markdown_uri,
    marker_uri,
    output_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.results import copy_markdown
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
    assert shown == [tmp_path / "university-a/report.pdf.md", tmp_path / "scans/typescript-1962.pdf.md"]
    assert (tmp_path / "a/Έκθεση.pdf.md").read_text() == "a/Έκθεση.pdf"
    assert not (tmp_path / "broken").exists()
