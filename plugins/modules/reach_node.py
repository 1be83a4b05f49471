#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reach_node
short_description: Wait until a node can be reached
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Runs C(true) on the host, by whatever connection it has, until that works.
  - Shows why it does not meanwhile, and fails with that. Where waiting cannot help, as without permission or without a
    program on the controller, it fails at once.
  - A host that cannot be reached counts as failed, and not as unreachable.
options:
  seconds:
    description: How long to try; V(0) for one attempt.
    type: float
    default: 600
  pause:
    description: Seconds between two attempts.
    type: float
    default: 5
extends_documentation_fragment:
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
    details: Changes nothing.
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - Runs on the controller alone. The host needs no Python.
"""

EXAMPLES = r"""
- name: Wait for the node
  glossapi.farm.reach_node:
    seconds: 300
"""

RETURN = r"""
cause:
  description: Why the node cannot be reached.
  returned: failure
  type: str
waited:
  description: Seconds that it took.
  returned: always
  type: float
attempts:
  description: How often it was tried.
  returned: always
  type: int
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule

ARGUMENTS: dict[str, Any] = {
    "seconds": {"type": "float", "default": 600},
    "pause": {"type": "float", "default": 5},
}


def main() -> None:
    """Say that the action plugin is missing, which does the work: on a host this would be too late."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.fail_json(msg="reach_node works on the controller: call it as glossapi.farm.reach_node.")


if __name__ == "__main__":
    main()
