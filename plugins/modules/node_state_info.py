#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_state_info
short_description: Tell what EC2 and Systems Manager know of an instance
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - For an instance that cannot be reached. What cannot be read is told in RV(told), and is no failure.
options:
  instance_id:
    description: The instance.
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
- name: Ask what became of a node
  glossapi.farm.node_state_info:
    instance_id: i-0123456789abcdef0
  register: state
"""

RETURN = r"""
ec2:
  description: EC2's name of the instance's state; empty where it cannot be read.
  returned: success
  type: str
  sample: running
systems_manager:
  description: The state of its agent, V(not registered) for none; empty where it cannot be read.
  returned: success
  type: str
  sample: Online
told:
  description: Both in words.
  returned: success
  type: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import service_client
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.states import describe_states
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module

ARGUMENTS: dict[str, Any] = {"instance_id": {"type": "str", "required": True}}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        connection = connection_from(module)
        ec2, ssm = (service_client(connection, name) for name in ("ec2", "ssm"))
        return {"changed": False, **describe_states(ec2, ssm, module.params["instance_id"])}

    run_module(module, work)


if __name__ == "__main__":
    main()
