# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever talks to nodes waits for them first: an instance that runs cannot be reached at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

_PLAYBOOKS = Path(__file__).parents[3] / "playbooks"
# reach.yml waits itself. What is lost is no reason to wait for pause.yml, which stops the instances in any case, and
# for rebalance.yml, which takes away its work. process.yml, which alone imports stage.yml, has waited.
_OTHERS = {"reach", "pause", "rebalance", "stage"}


def _talking() -> list[str]:
    """Return the playbooks with a play on nodes."""
    plays = {path.stem: yaml.safe_load(path.read_text()) for path in _PLAYBOOKS.glob("*.yml")}
    return sorted(
        name
        for name, listed in plays.items()
        if any(str(play.get("hosts")).startswith("farm_nodes") for play in listed)
    )


@pytest.mark.parametrize("name", sorted({*_talking()} - _OTHERS))
def test_a_playbook_on_nodes_waits_for_them_before_it_talks_to_them(name: str) -> None:
    plays = yaml.safe_load((_PLAYBOOKS / f"{name}.yml").read_text())
    first = next(number for number, play in enumerate(plays) if str(play.get("hosts")).startswith("farm_nodes"))
    assert "reach.yml" in [play.get("ansible.builtin.import_playbook") for play in plays[:first]]


def test_processing_begins_by_waiting_for_nodes() -> None:
    first = yaml.safe_load((_PLAYBOOKS / "process.yml").read_text())[0]
    assert first["ansible.builtin.import_playbook"] == "reach.yml"


def test_the_exceptions_are_playbooks_on_nodes() -> None:
    assert {*_talking()} >= _OTHERS
    importing = [path.stem for path in _PLAYBOOKS.glob("*.yml") if "import_playbook: stage.yml" in path.read_text()]
    assert importing == ["process"]
