# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout


@pytest.mark.parametrize("key", ["a//b.pdf", "../../etc/passwd", "é" * 512, "a\nb", "/"])
def test_any_key_has_a_folder_of_its_own_below_the_shards(key: str, tmp_path: Path) -> None:
    layout = Layout(tmp_path, 1)
    layout.create()
    folder = layout.document(f"s3://b/{key}")
    folder.mkdir()
    assert folder.resolve().parent == layout.documents.resolve()
    assert folder != layout.document(f"s3://b/{key}x")


def test_any_slot_has_a_folder_of_its_own(tmp_path: Path) -> None:
    layout = Layout(tmp_path, 1)
    slots = ["0", "0,1", "0/1", "..", "", "GPU-8f3c"]
    assert len({layout.slot(slot) for slot in slots}) == len(slots)
    assert {layout.slot(slot).parent for slot in slots} == {tmp_path / "tmp" / "shard_1"}


def test_folders_are_their_owners_alone(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "work", 1)
    layout.create()
    assert {path.stat().st_mode & 0o777 for path in (layout.log.parent, layout.config.parent, layout.bundles)} == {
        0o700
    }


def test_each_stage_has_a_log_of_its_own_and_the_shard_one_lock(tmp_path: Path) -> None:
    stages = [Layout(tmp_path, 1, stage) for stage in Stage]
    # CloudWatch's agent sends *.log.
    assert [layout.log.name for layout in stages] == ["shard_1.log", "shard_1.ocr.log", "shard_1.math.log"]
    # What runs on the node, be it started for another stage, must be found by whoever starts or stops it.
    assert len({(layout.lock, layout.config, layout.progress) for layout in stages}) == 1
