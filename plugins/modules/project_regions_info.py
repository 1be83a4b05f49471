#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_regions_info
short_description: Tell in which regions a farm has what costs
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks into every region of the account for instances, volumes, security groups and launch templates with the tag
    C(Project) of the farm. Changes nothing.
  - A region that cannot be looked into is told in RV(unread); only the module's own must be.
options:
  project:
    description: Value of the tag C(Project).
    type: str
    required: true
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
- name: Look where the farm is
  glossapi.farm.project_regions_info:
    project: glossapi-farm
    region: us-east-1
  register: farm
"""

RETURN = r"""
nodes:
  description: The farm's live instances in the module's region.
  returned: success
  type: int
others:
  description: The farm's security groups and launch template in the module's region.
  returned: success
  type: list
  elements: str
  sample: [the security group sg-0123456789abcdef0, the launch template glossapi-farm]
elsewhere:
  description: The farm's live instances in each other region that has any.
  returned: success
  type: dict
  sample: {eu-west-1: 4}
found:
  description: What each region has of the farm, and the state of each instance, one sentence each.
  returned: success
  type: list
  elements: str
costs:
  description: What goes on costing when all that the module's region has of the farm is removed, one sentence each.
  returned: success
  type: list
  elements: str
images:
  description: What of the farm's images goes on costing, and how they are removed, one sentence for each region.
  returned: success
  type: list
  elements: str
unread:
  description: Regions that could not be looked into, and why.
  returned: success
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.regions import farm_regions
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module

ARGUMENTS: dict[str, Any] = {"project": {"type": "str", "required": True}}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: farm_regions(connection_from(module), module.params["project"]))


if __name__ == "__main__":
    main()
