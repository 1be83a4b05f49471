# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.nodes.fleet import Fleet, _fleets, remove_all


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the machine's own fleets."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_two_checkouts_share_no_nodes(tmp_path: Path) -> None:
    assert _fleets(tmp_path / "a") != _fleets(tmp_path / "b")


def test_a_checkout_finds_its_nodes_by_whatever_way_it_is_reached(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    assert _fleets(tmp_path / "a") == _fleets(tmp_path / "link")


def test_removing_what_was_never_there_is_no_error(tmp_path: Path) -> None:
    assert remove_all(tmp_path) == []
    Fleet(tmp_path, "nvme").down()
