# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.glossapi.farm.plugins.lookup.fleet_program import LookupModule
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program


def test_it_is_a_file_with_the_program_where_ansible_cleans_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    (path,) = LookupModule().run([])
    assert Path(path).parent == tmp_path
    assert Path(path).read_bytes() == fleet_program()
