#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: python_environment_info
short_description: Tell whether a Python environment is what its lock says
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Compares the packages that are installed in an environment with a lock, imports modules with its Python, and
    compares a git checkout with its commit where one is named.
  - Looks at what is there. That an installation once succeeded does not count.
options:
  prefix:
    description: Absolute path of the environment.
    type: path
    required: true
  lock:
    description: Text of a requirements file that pins each package with C(==).
    type: str
    required: true
  imports:
    description: Modules that the environment's Python must be able to import.
    type: list
    elements: str
    default: []
  checkout:
    description:
      - Absolute path of a git checkout. Needs O(commit).
      - Since version 1.1.0 it can be left out, where nothing of the environment is from one.
    type: path
  commit:
    description: Full hash of the commit that the checkout is to be at, without changes. Needs O(checkout).
    type: str
extends_documentation_fragment:
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - Runs on the Python 3.9 of Amazon Linux 2023, as the user who owns both; it runs the environment's Python and git.
"""

EXAMPLES = r"""
- name: Look at the environment
  glossapi.farm.python_environment_info:
    prefix: /mnt/data/miniforge/envs/glossapi
    lock: "{{ lookup('ansible.builtin.file', 'requirements.txt') }}"
    imports: [boto3, glossapi]
    checkout: /mnt/data/glossAPI
    commit: "{{ farm_glossapi_commit }}"
  register: environment_info
"""

RETURN = r"""
matches:
  description: Whether there is no problem.
  returned: success
  type: bool
problems:
  description: How environment and checkout differ from what was asked for.
  returned: success
  type: list
  elements: str
  sample: ["not installed: torch", "/mnt/data/glossAPI is no git checkout"]
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import (
    checkout_problems,
    environment_problems,
)


def describe(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the module's result."""
    problems = environment_problems(Path(parameters["prefix"]), parameters["lock"], parameters["imports"])
    if parameters["checkout"] is not None:
        problems += checkout_problems(Path(parameters["checkout"]), parameters["commit"])
    return {"changed": False, "matches": not problems, "problems": problems}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "prefix": {"type": "path", "required": True},
            "lock": {"type": "str", "required": True},
            "imports": {"type": "list", "elements": "str", "default": []},
            "checkout": {"type": "path"},
            "commit": {"type": "str"},
        },
        required_together=[("checkout", "commit")],
        supports_check_mode=True,
    )
    module.exit_json(**describe(module.params))


if __name__ == "__main__":
    main()
