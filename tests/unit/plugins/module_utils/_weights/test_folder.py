# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import LIST_NAME, placed, references, verify
from tests.support.model_hub import COMMIT, CONFIG, LAYOUT, a_list, stored

SNAPSHOT = f"huggingface/hub/models--ds4sd--layout/snapshots/{COMMIT}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that has all weights of the list."""
    (tmp_path / SNAPSHOT).mkdir(parents=True)
    (tmp_path / SNAPSHOT / "model.safetensors").write_bytes(LAYOUT)
    (tmp_path / SNAPSHOT / "config.json").write_bytes(CONFIG)
    for path, revision in references(a_list()).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(revision)
    (tmp_path / LIST_NAME).write_bytes(stored(a_list()))
    return tmp_path


def test_the_hubs_files_lie_as_its_own_cache_has_them() -> None:
    assert [each.path for each in placed(a_list())] == [f"{SNAPSHOT}/model.safetensors", f"{SNAPSHOT}/config.json"]
    assert references(a_list()) == {"huggingface/hub/models--ds4sd--layout/refs/main": COMMIT}


def test_a_folder_that_has_all_of_it_is_as_it_should_be(folder: Path) -> None:
    verify(folder, "glossapi", a_list().digest)


def test_a_missing_or_altered_file_is_refused_by_name(folder: Path) -> None:
    path = folder / SNAPSHOT / "model.safetensors"
    path.write_bytes(LAYOUT[:-1] + b"?")
    with pytest.raises(
        FarmError, match=r"model\.safetensors is altered: it is sha256:.*play configure\.yml with the tag"
    ):
        verify(folder, "glossapi", a_list().digest)
    path.unlink()
    with pytest.raises(FarmError, match=r"model\.safetensors is missing"):
        verify(folder, "glossapi", a_list().digest)


def test_a_folder_of_another_list_is_refused(folder: Path) -> None:
    with pytest.raises(FarmError, match="has the weights of another list"):
        verify(folder, "glossapi", "0" * 64)


@pytest.mark.parametrize("name", [LIST_NAME, "huggingface/hub/models--ds4sd--layout/refs/main"])
def test_a_folder_that_was_not_filled_to_the_end_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(FarmError, match=f"{Path(name).name}.*play configure"):
        verify(folder, "glossapi", a_list().digest)
