# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.glossapi.farm.plugins.lookup.node_program import LookupModule
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.program import lifetime_program


def test_each_is_a_file_with_the_program_where_ansible_cleans_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    fleet, lifetime = map(Path, LookupModule().run(["fleet", "lifetime"]))
    assert (fleet.parent, lifetime.parent) == (tmp_path, tmp_path)
    assert (fleet.read_bytes(), lifetime.read_bytes()) == (fleet_program(), lifetime_program())


def test_one_that_there_is_not_is_told() -> None:
    with pytest.raises(AnsibleError, match="no program 'life': give fleet or lifetime"):
        LookupModule().run(["life"])
