#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_preflight_info
short_description: Tell what stands in the way before roles change anything on a node
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks in seconds at what the roles of C(playbooks/configure.yml) rely on and did not make. Whether packages can be
    had, addresses answer, GPUs are on the bus, there is an instance store, Ansible can work beside SELinux, and the
    image has what it is reached by.
  - Changes nothing but the cache of dnf.
options:
  packages:
    description: Packages that will be installed, by name or with version and architecture.
    type: list
    elements: str
    default: []
  installed:
    description: Packages that the image must have.
    type: list
    elements: str
    default: []
  addresses:
    description: Addresses of C(http), C(https) or C(file) that must answer.
    type: list
    elements: str
    default: []
  gpus:
    description:
      - Number of GPUs that there must be, exactly. Where no driver works for them yet, also the packages that building
        one for the running kernel takes must be there.
    type: int
    default: 0
  instance_store:
    description: Whether there must be an instance store.
    type: bool
    default: true
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
  - Runs on the Python 3.9 of Amazon Linux 2023.
"""

EXAMPLES = r"""
- name: Look before anything is changed
  glossapi.farm.node_preflight_info:
    packages: [git, gcc]
    addresses: ["https://pypi.org/simple/"]
    gpus: 4
  register: preflight
"""

RETURN = r"""
problems:
  description: What stands in the way, and what to do, a sentence or two each.
  returned: success
  type: list
  elements: str
  sample: ["https://pypi.org/simple/: timed out. Look at the subnet's way out ..."]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._nodes import preflight


def describe(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the module's result."""
    for_driver, problems = preflight.driver_packages(parameters["gpus"])
    problems = [
        *problems,
        *preflight.gpu_problems(parameters["gpus"]),
        *(preflight.disk_problems() if parameters["instance_store"] else ()),
        *preflight.selinux_problems(),
        *preflight.installed_problems(parameters["installed"]),
        *preflight.package_problems([*parameters["packages"], *for_driver]),
        *preflight.address_problems(parameters["addresses"]),
    ]
    return {"changed": False, "problems": problems}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "packages": {"type": "list", "elements": "str", "default": []},
            "installed": {"type": "list", "elements": "str", "default": []},
            "addresses": {"type": "list", "elements": "str", "default": []},
            "gpus": {"type": "int", "default": 0},
            "instance_store": {"type": "bool", "default": True},
        },
        supports_check_mode=True,
    )
    try:
        result = describe(module.params)
    except FarmError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
