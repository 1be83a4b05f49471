# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    formulas_uri,
    marker_uri,
    math_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.open_pages import count_open_work
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_pages_of_documents_that_wait_are_counted_and_those_of_others_are_not(client: S3Client, bucket: S3Uri) -> None:
    assert count_open_work(client, bucket, Stage.OCR) == 0
    for key, pages in (("a.pdf", (1, 2, 3)), ("b/ά.pdf", (7,)), ("done.pdf", (1, 2)), ("c.pdf", (4,))):
        marker = make_marker(open_pages=pages).to_json()
        put_bytes(client, marker_uri(bucket, key, DocumentState.FORWARDED), marker, "application/json")
    for key in ("done.pdf", "of-text-alone.pdf"):
        put_bytes(client, marker_uri(bucket, key, DocumentState.DONE), b"{}", "application/json")
    assert count_open_work(client, bucket, Stage.OCR) == 5


def test_formulas_of_documents_that_are_done_and_wait_are_counted(client: S3Client, bucket: S3Uri) -> None:
    assert count_open_work(client, bucket, Stage.MATH) == 0
    for key, formulas in (
        ("a.pdf", 7),
        ("b/ά.pdf", 5),
        ("read.pdf", 3),
        ("failed-since.pdf", 2),
        ("not-done-yet.pdf", 1),
    ):
        body = make_marker(open_formulas=formulas).to_json()
        put_bytes(client, formulas_uri(bucket, key), body, "application/json")
    for key in ("a.pdf", "b/ά.pdf", "read.pdf"):
        put_bytes(client, marker_uri(bucket, key, DocumentState.DONE), b"{}", "application/json")
    put_bytes(client, marker_uri(bucket, "failed-since.pdf", DocumentState.FAILED), b"{}", "application/json")
    put_bytes(client, math_uri(bucket, "read.pdf"), b"{}", "application/json")
    assert count_open_work(client, bucket, Stage.MATH) == 12
