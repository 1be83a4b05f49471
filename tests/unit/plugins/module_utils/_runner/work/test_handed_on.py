# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    json_uri,
    marker_uri,
    output_folder,
    pages_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
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
    return HandedOnReader(shard.client, shard.config.results_uri, Stage.OCR).read("s3://b/d/a.pdf", layer)


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


def read_for_math(shard: TestShard, marker: Marker, file: Path) -> HandedOn:
    uri = marker_uri(shard.config.results_uri, "d/a.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, marker.to_json(), "application/json")
    return HandedOnReader(shard.client, shard.config.results_uri, Stage.MATH).read("s3://b/d/a.pdf", file)


def test_stage_math_goes_on_with_what_is_done(shard: TestShard, tmp_path: Path) -> None:
    marker = make_marker(shard=7, open_formulas=3)
    put_bytes(
        shard.client, json_uri(output_folder(shard.config.results_uri, 7), "d/a.pdf"), b"document", "application/json"
    )
    found = read_for_math(shard, marker, tmp_path / "document")
    assert (found.marker, found.file.read_bytes()) == (marker, b"document")
    task = found.with_it(Task("s3://b/d/a.pdf", "d/a.pdf", 3, tmp_path / "a.pdf", tmp_path))
    assert (task.document, task.layer, task.open_pages) == (tmp_path / "document", None, ())


def test_a_document_that_was_processed_anew_without_formulas_has_none_to_read(shard: TestShard, tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure, match="has no formulas to read now") as raised:
        read_for_math(shard, make_marker(), tmp_path / "document")
    assert raised.value.failure_class is FailureClass.CHANGED


def test_the_task_of_stage_ocr_has_the_layer_and_its_pages(tmp_path: Path) -> None:
    task = Task("s3://b/d/a.pdf", "d/a.pdf", 3, tmp_path / "a.pdf", tmp_path)
    task = HandedOn(MARKER, tmp_path / "layer").with_it(task)
    assert (task.document, task.layer, task.open_pages) == (None, tmp_path / "layer", (1,))
