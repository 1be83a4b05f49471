#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_fleet_info
short_description: Tell what a fleet of nodes is, and what its nodes say
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the Auto Scaling group of M(glossapi.farm.node_fleet), and what its nodes say. Changes nothing.
options:
  project:
    description: Value of the tag C(Project) of what is the farm's.
    type: str
    required: true
  results:
    description:
      - The farm's prefix of results, where nodes say what they do and why they cannot work, as C(s3://bucket/prefix);
        empty for not to ask.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
    details: Reads only.
  diff_mode:
    support: none
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Look at the fleet
  glossapi.farm.node_fleet_info:
    project: glossapi-farm
  register: found
"""

RETURN = r"""
fleet:
  description: The group; its capacity is in GPUs.
  returned: success
  type: dict
  sample: {exists: true, capacity: 8, max_capacity: 160, paused: false, nodes: []}
lines:
  description: The same for people, with what the group failed to do last, and which nodes cannot work.
  returned: success
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.status import fleet_status
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, Any] = {
    "project": {"type": "str", "required": True},
    "results": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        given = module.params
        results = S3Uri.parse(given["results"]) if given["results"] else None
        return fleet_status(connection_from(module), given["project"], results)

    run_module(module, work)


if __name__ == "__main__":
    main()
