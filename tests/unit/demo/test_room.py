# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo.room import check_room

_MIB = 2**20


def _disk(monkeypatch: pytest.MonkeyPatch, total: int, free: int) -> None:
    usage = shutil.disk_usage("/")._replace(total=total * _MIB, free=free * _MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)


@pytest.mark.parametrize(("total", "free"), [(2_000, 300), (100_000, 1_000)])
def test_a_disk_with_room_is_good(total: int, free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _disk(monkeypatch, total, free)
    check_room(tmp_path)


@pytest.mark.parametrize(
    ("total", "free", "told"),
    [(2_000, 299, "299 MiB are free, and 300 MiB are needed"), (100_000, 999, "999 MiB are free, and 1,000 MiB")],
)
def test_a_full_disk_is_said(total: int, free: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _disk(monkeypatch, total, free)
    with pytest.raises(RuntimeError, match=rf"the disk of .* is full: {told}"):
        check_room(tmp_path)
