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


def test_an_installation_from_galaxy_has_the_bounds_of_the_collection(repository: Path) -> None:
    asked = yaml.safe_load((repository / "requirements.yml").read_text())["collections"]
    dependencies = yaml.safe_load((repository / "galaxy.yml").read_text())["dependencies"]
    assert {each["name"]: each["version"] for each in asked} == dependencies
    assert all("," in bounds for bounds in dependencies.values())
