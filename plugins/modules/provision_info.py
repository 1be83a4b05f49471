#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: provision_info
short_description: Tell whether an account can carry the farm
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Looks at credentials and region, and at what the options name. Changes nothing.
  - What must be mended is in RV(problems); the module fails only where AWS cannot be asked at all.
options:
  project:
    description: Value of the tag C(Project) of the farm's instances.
    type: str
    required: true
  instance_type:
    description: EC2 instance type of the nodes; no quota is looked at without it.
    type: str
    default: ""
  count:
    description: Number of nodes.
    type: int
    default: 0
  spot:
    description: Whether the nodes are spot instances.
    type: bool
    default: false
  buckets:
    description: Buckets that must be reachable.
    type: list
    elements: str
    default: []
  managed_buckets:
    description: Those of O(buckets) that may be missing, as they will be created.
    type: list
    elements: str
    default: []
  requester_pays:
    description: Those of O(buckets) whose requests are on this account's bill, which they deny access without.
    type: list
    elements: str
    default: []
    version_added: "1.1.0"
  instance_profile:
    description: IAM instance profile of the nodes; none is looked at without it.
    type: str
    default: ""
  manage_iam:
    description: Whether O(instance_profile) may be missing, as it will be created.
    type: bool
    default: true
  secret:
    description: Secrets Manager secret of the Hugging Face token; none is looked at without it.
    type: str
    default: ""
  connection:
    description:
      - How the nodes will be reached. The host that runs this must have the programs and the key for it, and its
        credentials the permission.
      - Nothing is looked at without it.
    type: str
    choices: [ssh_over_ssm, ssm, ssh]
    version_added: "1.1.0"
  ssh_public_key:
    description: With O(connection=ssh_over_ssm), file of the public key that is let in; empty for none.
    type: str
    default: ""
    version_added: "1.1.0"
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
- name: Find out whether four nodes can be launched
  glossapi.farm.provision_info:
    project: glossapi-farm
    instance_type: g5.12xlarge
    count: 4
    instance_profile: glossapi-farm-node
  register: account
"""

RETURN = r"""
problems:
  description: What must be mended before anything is launched, one sentence each.
  returned: success
  type: list
  elements: str
notes:
  description: What an operator should know.
  returned: success
  type: list
  elements: str
account:
  description: The account's number.
  returned: success
  type: str
arn:
  description: Whose credentials these are.
  returned: success
  type: str
nodes_running:
  description: The farm's instances that run.
  returned: O(instance_type) is given
  type: int
nodes_missing:
  description: Instances that would be launched or started.
  returned: O(instance_type) is given
  type: int
quota:
  description: The vCPU quota, and how the request stands against it.
  returned: O(instance_type) is given and the quota is known
  type: dict
  sample: {code: L-DB2E81BA, name: Running On-Demand G and VT instances, limit: 192, used: 0, free: 192, needed: 192,
    covered: true}
buckets:
  description: Whether each bucket exists.
  returned: success
  type: dict
instance_profile:
  description: The instance profile, and whether it exists.
  returned: O(instance_profile) is given
  type: dict
secret:
  description: The secret, whether it exists, and the value of its tag C(Project).
  returned: O(secret) is given
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight import (
    Findings,
    check_buckets,
    check_identity,
    check_instance_profile,
    check_quota,
    check_secret,
    check_sessions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._reach.controller import (
    CONNECTIONS,
    machine_problems,
    needed_actions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

ARGUMENTS: dict[str, Any] = {
    "project": {"type": "str", "required": True},
    "instance_type": {"type": "str", "default": ""},
    "count": {"type": "int", "default": 0},
    "spot": {"type": "bool", "default": False},
    "buckets": {"type": "list", "elements": "str", "default": []},
    "managed_buckets": {"type": "list", "elements": "str", "default": []},
    "requester_pays": {"type": "list", "elements": "str", "default": []},
    "instance_profile": {"type": "str", "default": ""},
    "manage_iam": {"type": "bool", "default": True},
    "secret": {"type": "str", "default": "", "no_log": False},
    "connection": {"type": "str", "choices": list(CONNECTIONS)},
    "ssh_public_key": {"type": "str", "default": "", "no_log": False},
}


def provision_info(connection: Connection, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result.

    Raises:
        AwsError: AWS cannot be asked.
    """
    findings = Findings()
    arn = check_identity(connection, findings)
    if parameters["instance_type"]:
        check_quota(
            connection,
            findings,
            parameters["project"],
            parameters["instance_type"],
            parameters["count"],
            spot=parameters["spot"],
        )
    check_buckets(
        connection,
        findings,
        parameters["buckets"],
        managed=parameters["managed_buckets"],
        requester_pays=parameters["requester_pays"],
    )
    if parameters["instance_profile"]:
        check_instance_profile(
            connection, findings, parameters["instance_profile"], arn, managed=parameters["manage_iam"]
        )
    if parameters["secret"]:
        check_secret(connection, findings, parameters["secret"])
    if parameters["connection"]:
        way, key = parameters["connection"], parameters["ssh_public_key"]
        findings.problems += machine_problems(way, key)
        check_sessions(connection, findings, arn, needed_actions(way, key))
    return {"changed": False, "problems": findings.problems, "notes": findings.notes, **findings.facts}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
    )
    run_module(module, lambda: provision_info(connection_from(module), module.params))


if __name__ == "__main__":
    main()
