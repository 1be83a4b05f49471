# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri, output_folder, pages_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.handed_on import HandedOn, HandedOnReader
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from tests.support.markers import make_marker
from tests.support.shards import TestShard

MARKER = make_marker(shard=7, failure_class="needs_ocr", message="no text layer", open_pages=(1,))


def put_marker(shard: TestShard, body: bytes) -> None:
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.FORWARDED)
    put_bytes(shard.client, uri, body, "application/json")


def put_layer(shard: TestShard, number: int) -> None:
    uri = pages_uri(output_folder(shard.config.results_uri, number), "d/a.pdf")
    put_bytes(shard.client, uri, b"layer", "application/json")


def read(shard: TestShard, layer: Path) -> HandedOn:
    return HandedOnReader(shard.client, shard.config.results_uri).read("s3://b/d/a.pdf", layer)


def test_the_layer_is_where_the_shard_of_the_marker_has_it(shard: TestShard, tmp_path: Path) -> None:
    put_marker(shard, MARKER.to_json())
    put_layer(shard, 7)
    assert read(shard, tmp_path / "layer") == HandedOn(MARKER, tmp_path / "layer")
    assert (tmp_path / "layer").read_bytes() == b"layer"


def test_what_is_gone_or_is_no_marker_fails_its_document_alone(shard: TestShard, tmp_path: Path) -> None:
    messages = []
    for body in (None, b"?", MARKER.to_json(), Marker().to_json()):
        if body is not None:
            put_marker(shard, body)
        with pytest.raises(DocumentFailure) as raised:
            read(shard, tmp_path / "layer")
        assert raised.value.failure_class is FailureClass.DOWNLOAD
        messages.append(raised.value.message)
    gone = "what stage text has left of it is gone"
    assert [message.startswith(gone) for message in messages] == [True, False, True, True]
    assert "is not a marker" in messages[1]
