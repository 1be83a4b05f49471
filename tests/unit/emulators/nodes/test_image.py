# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.nodes.image import _build_once, _digest, _words, cache_folder


def test_the_cache_is_where_the_machine_has_its_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "glossapi-farm" / "nodes"


def test_a_list_of_packages_may_have_comments_and_empty_lines(tmp_path: Path) -> None:
    file = tmp_path / "packages.txt"
    file.write_text("# why\ncurl\n\ngit\n")
    assert _words(file) == ["curl", "git"]


def test_an_image_is_another_after_any_change_of_its_recipe(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a")
    digests = [_digest([file])]
    file.write_text("b")
    digests.append(_digest([file]))
    file.chmod(0o755)
    digests.append(_digest([file]))
    digests.append(_digest([file], "base"))
    digests.append(_digest([file.rename(tmp_path / "other")], "base"))
    assert len(set(digests)) == 5


def test_an_image_is_the_same_while_its_recipe_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a")
    assert _digest([file], "base") == _digest([file], "base")


def test_a_layer_that_exists_is_not_built_again(tmp_path: Path) -> None:
    def build(target: Path) -> None:
        raise AssertionError(f"{target} was built")

    layer = tmp_path / "base-1"
    layer.mkdir()
    _build_once(layer, build)
