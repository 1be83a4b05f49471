# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.files import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.service import main, supervise
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._status.markers import DocumentState, marker_uri
from tests.shards import TestShard


@pytest.fixture
def layout(shard: TestShard) -> Layout:
    layout = Layout(Path(shard.config.workdir), 1)
    layout.create()
    shard.config.save(layout.config)
    return layout


def test_a_shard_is_worked_off_from_where_its_markers_say(shard: TestShard, layout: Layout) -> None:
    shard.cut({"a.pdf": 3, "b.pdf": 2, "c.pdf": 1})
    uri = marker_uri(shard.config.results_uri, "b.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, b"{}", "application/json")
    left = layout.document("s3://of/a-killed-predecessor.pdf")
    left.mkdir()
    assert supervise(shard.config) == 0
    assert shard.states() == dict.fromkeys(("a.pdf", "b.pdf", "c.pdf"), DocumentState.DONE)
    assert shard.text("a.pdf") == f"text of {shard.bucket.join('a.pdf')}"
    assert not left.exists()
    outputs = shard.client.list_objects_v2(Bucket=shard.bucket.bucket, Prefix="results/shard-1/")["Contents"]
    assert [item["Key"] for item in outputs] == [f"results/shard-1/markdown/{name}.pdf.md" for name in "ac"]


def test_a_key_too_long_for_a_marker_is_left_pending_and_told(shard: TestShard, layout: Layout) -> None:
    key = "/".join(["k" * 200] * 5)
    shard.cut({key: 1, "a.pdf": 1})
    assert supervise(shard.config) != 0
    assert shard.states() == {"a.pdf": DocumentState.DONE}
    assert "1 documents have keys too long" in layout.progress.read_text()


def test_what_the_configuration_lacks_ends_the_service_with_a_status(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reading, writing = os.pipe()
    try:
        assert main([str(tmp_path / "none.json"), str(writing)]) != 0
        assert not os.get_inheritable(writing)
    finally:
        os.close(reading)
        os.close(writing)
    assert "start the shard again" in caplog.text
