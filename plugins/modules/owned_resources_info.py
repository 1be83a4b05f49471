#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: owned_resources_info
short_description: Tell whether what has a farm's names is the farm's
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks for what the options name, and whether it has the tag C(Project) of the farm. Changes nothing.
  - What is not the farm's is in RV(problems), each with its id and the ways out. The roles refuse to change it, and
    leave it when the farm is removed.
options:
  project:
    description: Value of the tag C(Project) of what is the farm's.
    type: str
    required: true
  security_group:
    description:
      - Name of the security group; none is looked for where it is empty.
      - V(default) is never the farm's, and no problem.
    type: str
    default: ""
  vpc_id:
    description: VPC of O(security_group); empty for that of O(subnets), or the default VPC.
    type: str
    default: ""
  subnets:
    description: Subnets whose VPC is meant.
    type: list
    elements: str
    default: []
  role:
    description: Name of the IAM role; none is looked for where it is empty.
    type: str
    default: ""
  instance_profile:
    description: Name of the instance profile; none is looked for where it is empty.
    type: str
    default: ""
  policy:
    description: Name of the managed IAM policy; none is looked for where it is empty.
    type: str
    default: ""
  secret:
    description: Name of the Secrets Manager secret, of which only the tags are read; none is looked for where it is
      empty.
    type: str
    default: ""
  queue:
    description: Name of the SQS queue; none is looked for where it is empty.
    type: str
    default: ""
  log_group:
    description: Name of the CloudWatch Logs group; none is looked for where it is empty.
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
- name: Look whether the security group is the farm's
  glossapi.farm.owned_resources_info:
    project: glossapi-farm
    security_group: glossapi-farm
  register: found

- name: Check that nobody's group is changed
  ansible.builtin.assert:
    that: found.problems | length == 0
    fail_msg: "{{ found.problems | join(' ') }}"
"""

RETURN = r"""
resources:
  description:
    - What was looked for, by C(security_group), C(role), C(instance_profile), C(policy), C(secret) and
      C(queue).
    - Of each whether it exists, whether it is deleted already and only kept for some days, whether it is the farm's,
      and its id, ARN or URL.
  returned: success
  type: dict
  sample: {security_group: {exists: true, ending: false, owned: true, id: sg-0123456789abcdef0}}
problems:
  description: What is there and not the farm's, one or more sentences each.
  returned: success
  type: list
  elements: str
vpc_id:
  description: The VPC of the security group.
  returned: O(security_group) is given
  type: str
inline_policies:
  description: Names of the policies that are part of the role.
  returned: O(role) is given
  type: list
  elements: str
account:
  description: The account's number.
  returned: O(policy) is given
  type: str
policy_arn:
  description: The policy's ARN, whether it exists or not.
  returned: O(policy) is given
  type: str
log_group:
  description: Its name, the bytes it stores, and for how many days it keeps each (V(null) for good); V(null) where
    there is none.
  returned: O(log_group) is given
  type: dict
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.owned import owned_resources
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module

_NAME: dict[str, Any] = {"type": "str", "default": ""}
ARGUMENTS: dict[str, Any] = {
    "project": {"type": "str", "required": True},
    "security_group": _NAME,
    "vpc_id": _NAME,
    "subnets": {"type": "list", "elements": "str", "default": []},
    "role": _NAME,
    "instance_profile": _NAME,
    "policy": _NAME,
    "secret": {**_NAME, "no_log": False},
    "queue": _NAME,
    "log_group": _NAME,
}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: owned_resources(connection_from(module), module.params))


if __name__ == "__main__":
    main()
