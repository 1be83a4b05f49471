# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shard of stage ``ocr`` without stage ``text``, for tests of the runner: documents that it has handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    json_uri,
    markdown_uri,
    marker_uri,
    output_folder,
    pages_uri,
    quality_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from tests.support.markers import make_marker
from tests.support.shards import TestShard


def hand_on(shard: TestShard, pages: Mapping[str, int], tessdata: Path, **options: Any) -> TestShard:
    """Return the shard at stage ``ocr``, and upload scanned documents with what stage ``text`` left of them."""
    shard.cut(pages)
    results = shard.config.results_uri
    for key, count in pages.items():
        uri = shard.bucket.join(key)
        (item,) = list_objects(shard.client, uri)
        numbers = tuple(range(1, count + 1))
        layer = Layer(str(uri), tuple(LayerPage(number) for number in numbers))
        marker = make_marker(
            uri=str(uri), etag=item.etag, pages=count, failure_class="needs_ocr", message="scanned", open_pages=numbers
        )
        put_bytes(shard.client, pages_uri(output_folder(results, 1), key), layer.to_json(), "application/json")
        put_bytes(shard.client, marker_uri(results, key, DocumentState.FORWARDED), marker.to_json(), "application/json")
    config = replace(
        shard.config, pipeline="tesseract", pipeline_options={"tessdata": str(tessdata)}, prefetch=2, **options
    )
    return replace(shard, config=config)


def outputs(shard: TestShard, key: str) -> list[bytes]:
    """Return Markdown, JSON and quality of a document that is done."""
    folder = output_folder(shard.config.results_uri, 1)
    return [read_bytes(shard.client, uri(folder, key)) for uri in (markdown_uri, json_uri, quality_uri)]
