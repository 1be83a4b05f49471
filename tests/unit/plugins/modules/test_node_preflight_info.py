# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.modules.node_preflight_info import describe


def test_problems_of_all_kinds_are_told_together(tmp_path: Path) -> None:
    there, gone = tmp_path / "there", tmp_path / "gone"
    there.touch()
    result = describe(
        {
            "packages": [],
            "installed": [],
            "addresses": [f"file://{there}", f"file://{gone}"],
            "gpus": 0,
            "instance_store": True,
        }
    )
    assert result["changed"] is False
    stores, address = result["problems"]
    assert stores.startswith("There is no instance store")
    assert address.startswith(f"file://{gone}: there is no such file")
