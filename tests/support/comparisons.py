# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections to compare OCR backends on, and comparisons as they are in S3 or as the module tells them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.sample import Comparison
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import (
    BackendRun,
    Reading,
    Sample,
    SamplePage,
    readings_to_jsonl,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    comparison_picture_uri,
    comparison_readings_uri,
    comparison_run_uri,
    comparison_sample_uri,
    marker_uri,
    table_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Of nothing: pages are shown, and not looked at.
PICTURE = b"\xff\xd8picture"
RUN = BackendRun("tesseract", "hash", "5.5", "sha", seconds=8.0, price_per_hour=4.0, slots=4, workers=1)


def put_documents(client: S3Client, bucket: S3Uri, documents: Mapping[str, tuple[bytes, int]]) -> None:
    """Upload documents with their pages below ``raw``, and write the table of them."""
    rows = []
    for name, (body, pages) in sorted(documents.items()):
        uri = bucket.join("raw", name)
        etag = put_bytes(client, uri, body, "application/pdf")
        rows.append(CountRow(str(uri), len(body), etag, pages, ""))
    put_bytes(client, table_uri(bucket.join("m")), write_table(rows), "text/csv")


def hand_on(client: S3Client, bucket: S3Uri, name: str, *pages: int) -> None:
    """Write the marker by which stage ``text`` has handed a document on, with pages to recognise."""
    uri = bucket.join("raw", name)
    marker = make_marker(uri=str(uri), failure_class="needs_ocr", open_pages=pages)
    put_bytes(
        client,
        marker_uri(bucket.join("r"), uri.key, DocumentState.FORWARDED),
        marker.to_json(),
        "application/json",
    )


def a_comparison(bucket: S3Uri, pages: int) -> Comparison:
    """Return a comparison of the documents of :func:`put_documents`."""
    return Comparison(str(table_uri(bucket.join("m"))), bucket.join("r"), "theses", pages)


def put_comparison(client: S3Client, folder: S3Uri, texts: Mapping[str, tuple[str, ...]]) -> None:
    """Write a comparison whose backends have read these texts, each on as many pages."""
    pages = len(next(iter(texts.values())))
    sample = Sample(pages, tuple(SamplePage(f"s3://raw/{page}.pdf", "etag", page) for page in range(1, pages + 1)))
    put_bytes(client, comparison_sample_uri(folder), replace(sample, sha256="sha").to_json(), "application/json")
    for number in range(1, pages + 1):
        put_bytes(client, comparison_picture_uri(folder, number), PICTURE, "image/jpeg")
    for name, each in texts.items():
        readings = [Reading(number, text, "good", 0.9, 1.0, pages) for number, text in enumerate(each, start=1)]
        put_bytes(client, comparison_readings_uri(folder, name), readings_to_jsonl(readings), "text/plain")
        put_bytes(client, comparison_run_uri(folder, name), RUN.to_json(), "application/json")


def a_reading(name: str, text: str, **fields: Any) -> dict[str, Any]:
    """Return a reading as the module ``ocr_comparison_info`` tells it."""
    told = {"name": name, "outcome": "good", "number": 1, "text": text, "verdict": "good", "score": 0.9}
    return {**told, "seconds": 1.5, "together": 1, "failure": "", **fields}


def told_comparison(*readings: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return what the module ``ocr_comparison_info`` tells of one page with these readings."""
    words = {"rate": "0.25", "price": "$0.111", "poor": "0.0 %", "start": "3 s", "workers": "1", "outcomes": "1 good"}
    pair = [{"backends": [each["name"] for each in readings[:2]], "share": 0.5}] if len(readings) > 1 else []
    page = {
        "number": 1,
        "uri": "s3://raw/a.pdf",
        "etag": "etag",
        "page": 7,
        "is_open": True,
        "picture": b64encode(PICTURE).decode(),
        "agreements": pair,
        "readings": list(readings),
    }
    return {
        "folder": "s3://results/compare/theses/",
        "problems": [],
        "left_out": [],
        "wanted": 1,
        "report": [],
        "backends": [{"name": each["name"], **asdict(RUN), "figures": {}, "words": words} for each in readings],
        "agreements": pair,
        "pages": [page],
        **fields,
    }
