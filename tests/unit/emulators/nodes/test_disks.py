# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from emulators.nodes.disks import make


def test_a_disk_has_its_size_and_takes_no_space(tmp_path: Path) -> None:
    file = tmp_path / "a.disk"
    make(file, 0.5)
    assert file.stat().st_size == 2**29
    assert file.stat().st_blocks == 0


def test_what_was_on_a_disk_is_gone_when_it_is_made_again(tmp_path: Path) -> None:
    file = tmp_path / "a.disk"
    file.write_bytes(b"data")
    make(file, 0.001)
    assert not file.read_bytes().strip(b"\0")
