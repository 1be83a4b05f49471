#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nvidia_driver_info
short_description: Tell whether the NVIDIA driver works for the running kernel
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks for the running kernel's module and at the GPUs that C(nvidia-smi) lists, and says in words what is wrong.
  - A package manager's success does not count, since dkms may have failed behind it.
options:
  gpus:
    description: Number of GPUs that there must be, exactly.
    type: int
    required: true
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
- name: Look at the driver
  glossapi.farm.nvidia_driver_info:
    gpus: 4
  register: driver

- name: Check that it works
  ansible.builtin.assert:
    that: driver.working
    fail_msg: "{{ driver.problem }}"
"""

RETURN = r"""
working:
  description: Whether exactly so many GPUs work.
  returned: success
  type: bool
problem:
  description: What is wrong and what to do; empty where nothing is.
  returned: success
  type: str
installed:
  description: Whether there is a module for the running kernel, and C(nvidia-smi), whatever they do.
  returned: success
  type: bool
module_version:
  description: Version of that module; empty where there is none.
  returned: success
  type: str
gpus:
  description: Names of the GPUs.
  returned: success
  type: list
  elements: str
  sample: [NVIDIA A10G, NVIDIA A10G, NVIDIA A10G, NVIDIA A10G]
persistence_daemon:
  description: Whether there is a unit C(nvidia-persistenced).
  returned: success
  type: bool
kernel:
  description: Release of the running kernel.
  returned: success
  type: str
  sample: 6.12.55-74.119.amzn2023.x86_64
newest_kernel:
  description: Release of the newest kernel in C(/boot); the running one where none is found there.
  returned: success
  type: str
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._nodes.driver import look
from ansible_collections.glossapi.farm.plugins.module_utils._nodes.kernel import installed_kernels, newest_kernel


def describe(expected_gpus: int, root: Path = Path("/")) -> dict[str, Any]:
    """Return the module's result.

    Raises:
        FarmError: see :func:`look`.
    """
    driver = look(root)
    problem = driver.problem(expected_gpus)
    return {
        "changed": False,
        "working": not problem,
        "problem": problem,
        "installed": driver.is_installed,
        "module_version": driver.module_version,
        "gpus": list(driver.gpus),
        "persistence_daemon": driver.has_daemon,
        "kernel": driver.kernel,
        "newest_kernel": newest_kernel(installed_kernels(root / "boot")) or driver.kernel,
    }


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec={"gpus": {"type": "int", "required": True}}, supports_check_mode=True)
    try:
        result = describe(module.params["gpus"])
    except FarmError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
