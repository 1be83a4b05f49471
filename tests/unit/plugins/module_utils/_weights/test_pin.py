# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightFile
from ansible_collections.glossapi.farm.plugins.module_utils._weights.pin import main, pin_list, read
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
    assert capsys.readouterr().out == f"docling-project/layout: {layout().revision}, 2 files are pinned\n"
    # Of the large one the hub knows the digest, so that it is not downloaded.
    assert [name.rpartition("/")[2] for name in hub.asked] == ["main", "config.json"]


def test_a_repository_without_files_gets_all_that_there_are(hub: Hub, tmp_path: Path) -> None:
    hub.files[f"docling-project/layout/resolve/{layout().revision}/.gitattributes"] = b"*.safetensors filter=lfs"
    path = tmp_path / "weights.json"
    model = replace(layout(pinned=False), files=(), cached_as="", reference="", folder="models/layout")
    path.write_bytes(stored(a_list(model)))
    assert main([str(path)], hub.endpoints) == 0
    (pinned,) = read(path).repositories
    assert (pinned.revision, set(pinned.files)) == (layout().revision, set(layout().files))
    assert pinned.is_pinned


def test_what_nobody_loads_is_left_as_it_is(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    other = replace(layout(pinned=False), repo="org/gone", used_by=("chandra-2",))
    weights = a_list(layout(pinned=False), other)
    path.write_bytes(stored(weights))
    assert pin_list(path, weights, weights.of("glossapi"), hub.endpoints) == [layout()]
    assert read(path) == a_list(layout(), other)


def test_nothing_is_written_where_it_is_only_to_be_shown(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    weights = a_list(layout(pinned=False))
    path.write_bytes(stored(weights))
    assert pin_list(path, weights, weights, hub.endpoints, keep=False) == [layout()]
    assert read(path) == weights


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match="The list of weights cannot be read"):
        read(tmp_path / "weights.json")


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
