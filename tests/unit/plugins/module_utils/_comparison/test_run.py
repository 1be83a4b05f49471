# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._comparison.run import RunOptions, compare
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.reading import read
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import Reading, readings_from_jsonl
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    comparison_readings_uri,
    comparison_run_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.lock import take_lock
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.comparisons import a_comparison, put_documents
from tests.support.inference import a_preset

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


@pytest.fixture
def options(
    client: S3Client, bucket: S3Uri, tmp_path: Path, library_path: Path, monkeypatch: pytest.MonkeyPatch, tessdata: Path
) -> RunOptions:
    """Tesseract, on two scans whose text is known."""
    monkeypatch.setenv("PYTHONPATH", str(library_path))
    put_documents(client, bucket, {name: (SCAN, 1) for name in ("a.pdf", "b.pdf")})
    return RunOptions(
        comparison=a_comparison(bucket, 2),
        name="tess",
        backend="tesseract",
        backend_options={"tessdata": str(tessdata)},
        shard=1,
        node="node",
        workdir=tmp_path,
        slots=("0", "1"),
        price_per_hour=2.0,
    )


def with_server(options: RunOptions, tessdata: Path, fault: str = "none", **keys: Any) -> RunOptions:
    preset = a_preset(tessdata, fault, **keys)
    return replace(options, name="served", backend="server", backend_options={"preset": preset}, workers_per_gpu=2)


def readings(client: S3Client, options: RunOptions) -> tuple[Reading, ...]:
    uri = comparison_readings_uri(options.comparison.folder, options.name)
    return readings_from_jsonl(read_bytes(client, uri), str(uri))


def test_a_backend_reads_all_pages_once_and_again_where_it_is_asked_or_other_options_are_given(
    client: S3Client, connection: Connection, options: RunOptions
) -> None:
    assert compare(options, connection, check_mode=True).changed
    first = compare(options, connection, check_mode=False)
    assert first.run is not None
    assert (first.changed, first.pages, first.run.problem, first.run.workers) == (True, 2, "", 1)
    assert first.run.seconds > 0
    assert first.run.start_seconds > 0
    assert (first.run.slot, first.run.slots, first.run.price_per_hour) == ("0", 2, 2.0)
    found = readings(client, options)
    assert [(reading.number, reading.verdict, reading.together) for reading in found] == [(1, "good", 2), (2, "good", 2)]
    assert all(read(reading.text).similarity > 0.9 for reading in found)
    written = list(list_objects(client, options.comparison.results))
    assert {item.uri.key.split("/")[1] for item in written} == {"r"}
    assert all(str(item.uri).startswith(str(options.comparison.folder)) for item in written)
    assert not options.folder.exists()

    same = compare(options, connection, check_mode=False)
    assert (same.changed, same.run) == (False, first.run)
    for other in (
        replace(options, again=True),
        replace(options, backend_options={**options.backend_options, "languages": ["eng", "ell"]}),
    ):
        assert compare(other, connection, check_mode=True).changed
    put_bytes(client, comparison_run_uri(options.comparison.folder, options.name), b"?", "application/json")
    assert compare(options, connection, check_mode=True).changed
