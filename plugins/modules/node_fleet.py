#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_fleet
short_description: Have an Auto Scaling group of nodes that come and go with the work
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Keeps a launch template, an Auto Scaling group of several instance types from it, its lifecycle hook, its scaling
    policies, and the alarms that these go by. All are named after O(project).
  - The group has no node while O(queues) are empty, and as many as the pieces in them ask for, up to O(max_nodes). A
    node leaves by itself when there is nothing left for it (role C(node_lifetime)).
  - Capacity is counted in GPUs, so that types of different size do for each other.
  - Reads everything and decides before it changes anything. What has these names and not the farm's tag is refused.
  - M(amazon.aws.autoscaling_group) knows neither weights of instance types nor capacity rebalancing, and
    M(amazon.aws.cloudwatch_metric_alarm) no metric math.
options:
  state:
    description:
      - V(present) has the fleet, and has it launch nodes at once where pieces wait. Nodes of an older launch template
        are replaced, some at a time.
      - V(paused) ends all its nodes, which have time to hand their work back, and launches none until V(present).
      - V(absent) terminates its nodes and removes all of it.
    type: str
    choices: [present, absent, paused]
    default: present
  project:
    description: Value of the tag C(Project); the group and its launch template are named C(<project>-fleet).
    type: str
    required: true
  max_nodes:
    description: How many nodes there may be at a time, as nodes of the first type. Required for O(state=present).
    type: int
  instance_types:
    description:
      - EC2 instance types that will do, the preferred one first; weighed by their GPUs. Required for O(state=present).
    type: list
    elements: str
    default: []
  image_id:
    description: Image of a node that needs no controller to work. Required for O(state=present).
    type: str
  on_demand_nodes:
    description: How many of the nodes are on demand before any is a spot instance.
    type: int
    default: 0
  spot:
    description: Whether the other nodes are spot instances, of the types that are cheap and least likely to be taken.
    type: bool
    default: false
  queues:
    description: Names of the queues of pieces, one for each stage. Required for O(state=present).
    type: list
    elements: str
    default: []
  pieces_per_node:
    description: How many pieces that wait or are in work there are to be for each node.
    type: int
    default: 2
  idle_minutes:
    description:
      - Minutes for which all queues are empty after which nodes that have not left are ended; V(0) for never.
    type: int
    default: 60
  root_volume_gib:
    description: Size of the encrypted gp3 root volume in GiB.
    type: int
    default: 200
  instance_profile:
    description: Name of the IAM instance profile. Required for O(state=present).
    type: str
  security_group:
    description: Name of the security group, or its id. Required for O(state=present).
    type: str
  vpc_id:
    description: VPC whose subnets are taken where O(subnets) is empty; empty for the default subnets.
    type: str
    default: ""
  subnets:
    description: Subnets to launch in.
    type: list
    elements: str
    default: []
  zones:
    description: Availability zones to launch in; empty for all.
    type: list
    elements: str
    default: []
  key_name:
    description: EC2 key pair; empty for none.
    type: str
    default: ""
  user_data:
    description: For the first boot, at most 16 KiB. Any process on a node can read it.
    type: str
    default: ""
  tags:
    description: Further tags of instances and volumes.
    type: dict
    default: {}
  wait_timeout:
    description: Seconds to wait until a group that is removed is gone.
    type: int
    default: 600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details: Where more pieces wait than before, it raises the capacity.
"""

EXAMPLES = r"""
- name: Have up to forty nodes, two of them always on demand
  glossapi.farm.node_fleet:
    project: glossapi-farm
    max_nodes: 40
    instance_types: [g5.12xlarge, g6.12xlarge, g5.48xlarge]
    image_id: ami-0123456789abcdef0
    on_demand_nodes: 2
    spot: true
    queues: [glossapi-farm-text, glossapi-farm-ocr]
    instance_profile: glossapi-farm-node
    security_group: glossapi-farm
"""

RETURN = r"""
fleet:
  description: The group; its capacity is in GPUs.
  returned: success
  type: dict
  sample:
    exists: true
    capacity: 8
    max_capacity: 160
    paused: false
    nodes:
      - {instance_id: i-0123456789abcdef0, instance_type: g5.12xlarge, zone: us-east-1a, state: InService}
steps:
  description: What was done, or in check mode would be.
  returned: success
  type: list
  elements: str
notes:
  description: What an operator should know and nothing is done about.
  returned: success
  type: list
  elements: str
buys:
  description: Whether more nodes may run than before, so that it may cost more.
  returned: O(state=present)
  type: bool
weights:
  description: What a node of each instance type counts for.
  returned: O(state=present)
  type: dict
  sample: {g5.12xlarge: 4, g5.48xlarge: 8}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.fleet import have_fleet, pause_fleet, remove_fleet
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

ARGUMENTS: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent", "paused"], "default": "present"},
    "project": {"type": "str", "required": True},
    "max_nodes": {"type": "int"},
    "instance_types": {"type": "list", "elements": "str", "default": []},
    "image_id": {"type": "str"},
    "on_demand_nodes": {"type": "int", "default": 0},
    "spot": {"type": "bool", "default": False},
    "queues": {"type": "list", "elements": "str", "default": []},
    "pieces_per_node": {"type": "int", "default": 2},
    "idle_minutes": {"type": "int", "default": 60},
    "root_volume_gib": {"type": "int", "default": 200},
    "instance_profile": {"type": "str"},
    "security_group": {"type": "str"},
    "vpc_id": {"type": "str", "default": ""},
    "subnets": {"type": "list", "elements": "str", "default": []},
    "zones": {"type": "list", "elements": "str", "default": []},
    "key_name": {"type": "str", "default": "", "no_log": False},
    "user_data": {"type": "str", "default": ""},
    "tags": {"type": "dict", "default": {}},
    "wait_timeout": {"type": "int", "default": 600},
}
_NEEDED = ["max_nodes", "instance_types", "image_id", "queues", "instance_profile", "security_group"]


def node_fleet(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having, having paused or having removed the fleet.

    Raises:
        FarmError: an option is out of its range, something is not the farm's, or AWS refuses something.
    """
    project = parameters["project"]
    if parameters["state"] == "absent":
        return remove_fleet(connection, project, parameters["wait_timeout"], check_mode=check_mode)
    if parameters["state"] == "paused":
        return pause_fleet(connection, project, check_mode=check_mode)
    return have_fleet(connection, parameters, check_mode=check_mode)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", _NEEDED)],
        supports_check_mode=True,
    )
    run_module(module, lambda: node_fleet(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
