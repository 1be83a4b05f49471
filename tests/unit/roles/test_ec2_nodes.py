# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of a node's first boot."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

ROLE = Path(__file__).parents[3] / "roles/ec2_nodes"
LIFETIME = ROLE.parent / "node_lifetime"


def user_data(idle_minutes: int) -> str:
    environment = Environment(
        loader=FileSystemLoader(ROLE / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default_for_string=False),
        # As Ansible has them.
        trim_blocks=True,
    )
    values = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    values |= {"ec2_nodes_scripts": "s3://work/scripts", "ec2_nodes_idle_minutes": idle_minutes}
    return environment.get_template("user_data.sh.j2").render(values)


@pytest.mark.parametrize("idle_minutes", [0, 60])
def test_it_is_a_script_that_fetches_the_rest(idle_minutes: int) -> None:
    script = user_data(idle_minutes)
    assert subprocess.run(["/usr/bin/bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert "s3://work/scripts/bootstrap.sh" in script


def test_a_node_that_nobody_configures_shuts_itself_down_and_a_configured_or_held_one_does_not() -> None:
    script = user_data(60)
    assert "OnBootSec=60min" in script
    # Before anything that could fail.
    assert script.index("enable --now glossapi-farm-unconfigured.timer") < script.index("aws s3 cp")
    lifetime = yaml.safe_load((LIFETIME / "vars/main.yml").read_text())
    for name in ("__node_lifetime_file", "__node_lifetime_hold"):
        assert f"ConditionPathExists=!{lifetime[name]}\n" in script


def test_without_a_limit_nothing_ends_it() -> None:
    assert "poweroff" not in user_data(0)
