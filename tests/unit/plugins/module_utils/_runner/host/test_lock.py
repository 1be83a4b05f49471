# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.lock import is_locked, name_holder, take_lock


def test_a_lock_is_held_until_its_descriptor_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    descriptor = take_lock(path)
    assert descriptor is not None
    assert is_locked(path)
    assert take_lock(path) is None
    os.close(descriptor)
    assert not is_locked(path)


def test_the_file_names_its_holder_and_no_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("1234567")
    descriptor = take_lock(path)
    assert descriptor is not None
    assert path.read_text() == ""
    name_holder(descriptor, 12)
    assert path.read_text() == "12"
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)
