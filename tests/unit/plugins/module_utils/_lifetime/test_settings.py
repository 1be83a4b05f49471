# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.decision import Limits
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.settings import Settings


def test_they_come_back_as_they_were_written(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "lifetime.json"
    file.write_text(json.dumps(asdict(settings) | {"later": 1}))
    assert Settings.load(file) == settings


def test_the_limits_are_in_seconds(settings: Settings) -> None:
    assert settings.limits == Limits(3600.0, 1800.0, 86400.0, 0.0)


@pytest.mark.parametrize("body", ["?", "[]", "3", '{"node": "one"}'])
def test_what_are_no_settings_is_told_with_the_way_out(tmp_path: Path, body: str) -> None:
    file = tmp_path / "lifetime.json"
    file.write_text(body)
    with pytest.raises(FarmError, match=r"lifetime\.json is not what .* --tags node_lifetime"):
        Settings.load(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match="FileNotFoundError"):
        Settings.load(tmp_path / "lifetime.json")
