# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend server for real: a supervisor, its workers, and a server over HTTP that reads by tesseract."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    markdown_uri,
    progress_uri,
    quality_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import Quality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service import EXIT_NO_USE, supervise
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import scan
from tests.support.inference import a_preset
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOCUMENTS: Mapping[str, Callable[[], bytes]] = {
    "one.pdf": lambda: scan(1, 31),
    "two.pdf": lambda: scan(2, 32),
}


@pytest.fixture
def shard(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    tmp_path: Path,
    library_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> TestShard:
    """A shard whose documents stage text has handed on."""
    # A supervisor in this process starts workers, which must find the library as it does.
    monkeypatch.setenv("PYTHONPATH", str(library_path))
    shard = make_shard(client, bucket, connection, tmp_path)
    text = replace(shard.config, slots=("0",), pipeline="pdftext", pipeline_options={}, ocr_follows=True)
    shard = replace(shard, config=text)
    shard.cut(dict.fromkeys(DOCUMENTS, 1))
    for key, body in DOCUMENTS.items():
        put_bytes(client, bucket.join(key), body(), "application/pdf")
    assert work(shard) == 0
    return shard


def work(shard: TestShard) -> int:
    layout = Layout(Path(shard.config.workdir), shard.config.shard)
    layout.create()
    shard.config.save(layout.config)
    status = supervise(shard.config)
    # Neither a worker nor a server outlives its supervisor.
    assert owned_by(owner_name(layout.workdir, shard.config.shard)) == []
    return status


def served(shard: TestShard, preset: Mapping[str, Any], **options: Any) -> TestShard:
    """Return stage ocr of the shard, with a server of this preset."""
    # Half of what is usual: all that these pages need, in half of the time.
    pipeline_options = {"preset": {**preset, "dpi": 150}, "pages_in_flight": 4, **options}
    config = replace(shard.config, pipeline="server", pipeline_options=pipeline_options, ocr_follows=False)
    return replace(shard, config=replace(config, timeout_base=600.0))


def pages_by_source(shard: TestShard) -> dict[str, list[str]]:
    found = {}
    for key in DOCUMENTS:
        uri = quality_uri(shard.config.output_uri, key)
        found[key] = [page.source for page in Quality.from_json(read_bytes(shard.client, uri), str(uri)).pages]
    return found


# Each starts a server, and reads the same scans.
_FURTHER = pytest.mark.thorough
ALL_READ = {"one.pdf": ["ocr"], "two.pdf": ["ocr", "ocr"]}


@pytest.mark.parametrize("fault", ["dies", pytest.param("fails", marks=_FURTHER), "hangs"])
def test_a_server_that_goes_wrong_fails_no_document_and_the_next_one_goes_on(
    shard: TestShard, tessdata: Path, fault: str
) -> None:
    ocr = served(shard, a_preset(tessdata, fault))
    assert work(ocr) == 0
    assert set(ocr.states().values()) == {DocumentState.DONE}
    assert pages_by_source(ocr) == ALL_READ
    marker = ocr.marker("two.pdf", DocumentState.DONE)
    assert (marker.attempts, marker.pipeline) == (1, "server")
    # A scan whose text is known, three pages, the last of them once more, and the scan again before that.
    requests = Path(ocr.config.workdir) / "tmp" / "shard_1" / "servers" / "run_0" / "requests"
    assert requests.stat().st_size >= 6


@pytest.mark.parametrize("fault", ["busy", *(pytest.param(each, marks=_FURTHER) for each in ("cut_off_once", "nul"))])
def test_pages_are_read_whose_answers_go_wrong_now_and_then(shard: TestShard, tessdata: Path, fault: str) -> None:
    ocr = served(shard, a_preset(tessdata, fault))
    assert work(ocr) == 0
    assert set(ocr.states().values()) == {DocumentState.DONE}
    assert pages_by_source(ocr) == ALL_READ
    text = read_bytes(ocr.client, markdown_uri(ocr.config.output_uri, "two.pdf")).decode()
    assert not {char for char in text if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}


@pytest.mark.parametrize(
    ("fault", "keys", "told"),
    [
        pytest.param(
            *("wrong_after_death", {}, "does not read a scan whose text is known: the recogniser has no Greek"),
            marks=_FURTHER,
        ),
        ("wrong_model", {}, "does not read a scan whose text is known: the recogniser has no Greek"),
        ("out_of_memory", {}, "The server cannot be had: the server ended with status 1 .* CUDA out of memory"),
        ("none", {"command": ["/nowhere/vllm", "{port}"]}, "The server cannot be had: .*'/nowhere/vllm'"),
        ("unhealthy", {"start_seconds": 5}, "The server cannot be had: the server was not healthy within 5 s"),
    ],
    ids=["wrong after death", "wrong model", "out of memory", "command missing", "never healthy"],
)
def test_a_server_that_is_of_no_use_is_told_and_every_document_waits(
    shard: TestShard, tessdata: Path, fault: str, keys: Mapping[str, Any], told: str
) -> None:
    ocr = served(shard, a_preset(tessdata, fault, **keys))
    assert work(ocr) == EXIT_NO_USE
    assert set(ocr.states().values()) == {DocumentState.FORWARDED}
    uri = progress_uri(ocr.config.results_uri, 1, Stage.OCR)
    progress = Progress.from_json(read_bytes(ocr.client, uri), str(uri))
    assert progress.pending == len(DOCUMENTS)
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(progress.message)
