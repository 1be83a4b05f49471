# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightFile
from ansible_collections.glossapi.farm.plugins.module_utils._weights.pin import main
from tests.support.model_hub import Hub, a_list, layout, serving, stored

pytestmark = pytest.mark.server


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as server:
        yield server


def test_revision_and_digests_come_from_the_hub(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "weights.json"
    path.write_bytes(stored(a_list(layout(pinned=False))))
    assert main([str(path)], hub.endpoints) == 0
    assert path.read_bytes() == stored(a_list(layout()))
    assert capsys.readouterr().out == f"docling-project/layout: {layout().revision}, 2 files pinned\n"
    # Of the large one the hub knows the digest, so that it is not downloaded.
    assert [name.rpartition("/")[2] for name in hub.asked] == ["main", "config.json"]


def test_what_is_pinned_stays_and_nobody_is_asked(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_bytes(stored(a_list()))
    assert main([str(path)], hub.endpoints) == 0
    assert path.read_bytes() == stored(a_list())
    assert hub.asked == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"files": (WeightFile("other.bin"),)}, f"has no other.bin at {layout().revision}"),
        ({"revision": "gone"}, "The model hub cannot be asked: .*revision/gone"),
    ],
)
def test_what_the_hub_does_not_have_changes_nothing(
    hub: Hub, tmp_path: Path, change: dict[str, object], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "weights.json"
    before = stored(a_list(replace(layout(pinned=False), **change)))  # type: ignore[arg-type]
    path.write_bytes(before)
    assert main([str(path)], hub.endpoints) == 1
    assert path.read_bytes() == before
    assert re.search(f"stays as it was\\. .*{reason}", capsys.readouterr().err)
