# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""This machine as a farm's only node, whose user takes the place of the service user."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY
from tests.support.ansible_playbook import ansible_playbook

# Plays one by its name, with options, and returns status, output and changed tasks of each host.
Play = Callable[..., tuple[int, str, dict[str, int]]]


def play_here(settings: Mapping[str, Any], repository: Path, endpoint_url: str, folder: Path) -> Play:
    """Return what plays a playbook on this machine, by the settings as they are then.

    Args:
        settings: of the farm, and whatever else the inventory is to have.
        repository: the checkout.
        endpoint_url: of the local S3.
        folder: takes the inventory.
    """

    def run(playbook: str, *options: str) -> tuple[int, str, dict[str, int]]:
        node = {"farm_shard": 1, "ansible_become": False}
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        variables = {**settings, **local}
        inventory = {"all": {"vars": variables, "children": {"farm_nodes": {"hosts": {"node-1": node}}}}}
        (folder / "hosts.json").write_text(json.dumps(inventory))
        finished = subprocess.run(
            [*ansible_playbook(), f"playbooks/{playbook}.yml", f"--inventory={folder / 'hosts.json'}", *options],
            cwd=repository,
            env=os.environ
            | {
                "ANSIBLE_CONFIG": str(repository / "ansible.cfg"),
                "ANSIBLE_NOCOLOR": "1",
                "AWS_ENDPOINT_URL": endpoint_url,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_REGION": REGION,
                "LC_ALL": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        output = finished.stdout + finished.stderr
        changed = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", output, re.MULTILINE)
        return finished.returncode, output, {host: int(count) for host, count in changed}

    return run
