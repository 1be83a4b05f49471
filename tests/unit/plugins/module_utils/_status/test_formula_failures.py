# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import math_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import (
    FormulaFailures,
    read_formula_failures,
)
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _end(client: S3Client, results: S3Uri, key: str, failure_class: str | None) -> None:
    marker = make_marker(uri=f"s3://raw/{key}", failure_class=failure_class)
    put_bytes(client, math_uri(results, key), marker.to_json(), "application/json")


def test_all_that_failed_are_counted_by_class_and_the_first_of_each_are_named(client: S3Client, bucket: S3Uri) -> None:
    keys = ["d/Έκθεση.pdf", "b.pdf", "c.pdf"]
    for key in keys:
        _end(client, bucket, key, "timeout")
    _end(client, bucket, "gpu.pdf", "gpu")
    _end(client, bucket, "read.pdf", None)
    found = read_formula_failures(client, bucket, [*keys, "gpu.pdf", "read.pdf"], 2)
    assert (found.by_class, found.problems) == ({"timeout": 3, "gpu": 1}, ())
    assert [(marker.uri, marker.failure_class) for marker in found.named] == [
        ("s3://raw/d/Έκθεση.pdf", "timeout"),
        ("s3://raw/b.pdf", "timeout"),
        ("s3://raw/gpu.pdf", "gpu"),
    ]


def test_a_marker_that_cannot_be_read_is_told_and_counts_as_no_failure(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, math_uri(bucket, "a.pdf"), b"?", "application/json")
    put_bytes(client, math_uri(bucket, "b.pdf"), b'{"class": "timeout"}', "application/json")
    found = read_formula_failures(client, bucket, ["a.pdf", "b.pdf"], 2)
    assert (found.by_class, [marker.uri for marker in found.named]) == ({"timeout": 1}, ["b.pdf"])
    (told,) = found.problems
    assert "status/_stages/math/a.pdf.json is not a marker" in told
    assert "whether its formulas were read is not known" in told


def test_of_many_markers_that_cannot_be_read_the_first_are_told(client: S3Client, bucket: S3Uri) -> None:
    keys = ["a.pdf", "b.pdf", "c.pdf"]
    for key in keys:
        put_bytes(client, math_uri(bucket, key), b"?", "application/json")
    assert len(read_formula_failures(client, bucket, keys, 2).problems) == 2


def test_of_no_documents_nothing_is_asked(client: S3Client, bucket: S3Uri) -> None:
    assert read_formula_failures(client, bucket, [], 2) == FormulaFailures()
