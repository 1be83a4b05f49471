# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module of the collection, run as Ansible does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.warm_python import warm_python


def run_module(
    repository: Path, folder: Path, module: str, arguments: Mapping[str, object], *flags: str
) -> dict[str, Any]:
    """Return the module's answer.

    Args:
        repository: the checkout.
        folder: where it runs; not the checkout, whose configuration names an inventory that is no part of this.
        module: its name in the collection.
        arguments: its options.
        flags: further ones of the command ``ansible``.
    """
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(repository / ".ansible" / "collections"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.json",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "LC_ALL": "C.UTF-8",
    }
    ansible = Path(sys.executable).parent / "ansible"
    extra = ["-e", f"ansible_python_interpreter={warm_python()}", "-m", f"glossapi.farm.{module}"]
    done = subprocess.run(
        [ansible, "localhost", "-i", "localhost,", "-c", "local", *extra, "-a", json.dumps(arguments), *flags],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    # An action plugin may show its log's lines before.
    result = json.loads(done.stdout[done.stdout.index("{\n") :])
    answer: dict[str, Any] = result["plays"][0]["tasks"][0]["hosts"]["localhost"]
    return answer
