# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from emulators.nodes.overlay import mounts_below, unmount_below


def test_a_mount_is_found_at_its_own_place_and_from_above() -> None:
    assert Path("/proc") in mounts_below(Path("/proc"))
    assert Path("/proc") in mounts_below(Path("/"))


def test_a_folder_whose_name_begins_with_a_mounts_is_not_below_it() -> None:
    assert mounts_below(Path("/pro")) == []


def test_a_folder_without_mounts_is_left_as_it_is(tmp_path: Path) -> None:
    unmount_below(tmp_path)
    assert tmp_path.exists()
