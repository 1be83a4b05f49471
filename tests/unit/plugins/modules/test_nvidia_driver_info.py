# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.driver import Driver
from ansible_collections.glossapi.farm.plugins.modules import nvidia_driver_info
from ansible_collections.glossapi.farm.plugins.modules.nvidia_driver_info import describe

WORKING = Driver("6.12.55-74.119.amzn2023.x86_64", "580.105.08", ("NVIDIA A10G",), True, "", True, False, "")


def test_a_newer_kernel_in_boot_is_told_from_the_running_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia_driver_info, "look", lambda _root: WORKING)
    assert describe(1, tmp_path)["newest_kernel"] == WORKING.kernel
    (tmp_path / "boot").mkdir()
    (tmp_path / "boot/vmlinuz-6.12.60-1.1.amzn2023.x86_64").touch()
    result = describe(1, tmp_path)
    assert result["newest_kernel"] == "6.12.60-1.1.amzn2023.x86_64"
    assert result["working"]
    assert not result["changed"]


def test_what_is_wrong_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia_driver_info, "look", lambda _root: WORKING)
    result = describe(4, tmp_path)
    assert not result["working"]
    assert "1 GPUs, not 4" in result["problem"]
    assert result["installed"]
