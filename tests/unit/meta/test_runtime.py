# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import yaml


def test_a_group_has_every_module_that_takes_the_options_of_a_connection(repository: Path) -> None:
    groups = yaml.safe_load((repository / "meta" / "runtime.yml").read_text())["action_groups"]
    takes_them = [
        path.stem
        for path in (repository / "plugins" / "modules").glob("*.py")
        if "amazon.aws.common.modules" in path.read_text()
    ]
    assert groups == {"all": sorted(takes_them)}
