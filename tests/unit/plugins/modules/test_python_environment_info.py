# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.modules.python_environment_info import describe


def test_problems_of_environment_and_checkout_are_both_told(tmp_path: Path) -> None:
    parameters = {"prefix": str(tmp_path), "lock": "", "imports": [], "checkout": str(tmp_path), "commit": "0" * 40}
    result = describe(parameters)
    assert not result["matches"]
    assert result["problems"] == [f"there is no {tmp_path}/bin/python", f"{tmp_path} is no git checkout"]


def test_without_a_checkout_the_environment_alone_is_looked_at(tmp_path: Path) -> None:
    parameters: dict[str, Any] = dict.fromkeys(("checkout", "commit"))
    parameters |= {"prefix": str(tmp_path), "lock": "", "imports": []}
    assert describe(parameters)["problems"] == [f"there is no {tmp_path}/bin/python"]
