#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_instances
short_description: Have one EC2 instance for each shard
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Keeps a launch template and, from it, one instance for each shard, found by the tags C(Project) and C(Shard).
  - Reads everything and decides before it changes anything; what must not be changed is refused with all its reasons.
  - Where neither O(subnets), O(zones) nor O(vpc_id) is given, EC2 is first asked for a node in any zone. A zone without
    capacity is passed over for the next. What was launched is kept when something fails later, and
    the next run goes on from there.
  - M(amazon.aws.ec2_instance) has no way to another zone, to spot instances or to one request for all shards.
options:
  state:
    description:
      - V(present) has the instances that are asked for.
      - V(absent) terminates every instance with the farm's tags and deletes the launch template.
      - V(paused), since version 1.1.0, stops every instance with the farm's tags; spot instances, which cannot be
        stopped, are terminated. V(present) has them start again, or launches others.
    type: str
    choices: [present, absent, paused]
    default: present
  project:
    description: Value of the tag C(Project), and name of the launch template.
    type: str
    required: true
  count:
    description: Number of instances; shards are numbered from 1. Required for O(state=present).
    type: int
  instance_type:
    description: EC2 instance type. Required for O(state=present).
    type: str
  other_instance_types:
    description:
      - Types that will do as well where there is no capacity for O(instance_type), in their order. An instance of one
        stays as it is.
    type: list
    elements: str
    default: []
    version_added: "1.1.0"
  image_id:
    description: Machine image; the one that O(image_parameter) names where it is empty.
    type: str
    default: ""
  image_parameter:
    description: Public SSM parameter that has the image's id.
    type: str
    default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
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
    description: Subnets to launch in, in this order.
    type: list
    elements: str
    default: []
  zones:
    description: Availability zones to launch in, in this order; empty for all.
    type: list
    elements: str
    default: []
  key_name:
    description: EC2 key pair; empty for none.
    type: str
    default: ""
  spot:
    description: Whether new instances are spot instances.
    type: bool
    default: false
  spot_fallback:
    description: With O(spot), whether on-demand instances are launched where no zone has spot capacity, or quota.
    type: bool
    default: false
    version_added: "1.1.0"
  capacity_reservation:
    description: Id of a capacity reservation to launch into, in its zone; empty for none.
    type: str
    default: ""
    version_added: "1.1.0"
  shutdown:
    description:
      - What becomes of an instance that shuts itself down. Spot instances, which cannot be stopped, are terminated in
        any case.
    type: str
    choices: [stop, terminate]
    default: stop
    version_added: "1.1.0"
  user_data:
    description: Script for the first boot, at most 16 KiB. Any process on a node can read it.
    type: str
    default: ""
  tags:
    description: Further tags of instances, volumes and the launch template.
    type: dict
    default: {}
  confirm_resize:
    description: Whether an instance may be stopped to change its type.
    type: bool
    default: false
  surplus:
    description: What becomes of instances of shards above O(count).
    type: str
    choices: [keep, terminate]
    default: keep
  unfinished:
    description: Documents without an end by shard; an instance of a shard with any is not terminated.
    type: dict
    default: {}
  confirm_unfinished:
    description: Whether instances with unfinished documents may be terminated all the same.
    type: bool
    default: false
  capacity_timeout:
    description: Seconds for which to go on trying where no zone has capacity; what was launched stays meanwhile.
    type: int
    default: 0
    version_added: "1.1.0"
  log_file:
    description:
      - Gets a line whenever something has to be waited for.
      - On the controller itself its lines are shown while the module runs.
    type: path
    version_added: "1.1.0"
  wait_timeout:
    description: Seconds to wait for instances to start, stop or end.
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
    details: Writes no O(log_file).
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Have four nodes
  glossapi.farm.shard_instances:
    project: glossapi-farm
    count: 4
    instance_type: g5.12xlarge
    instance_profile: glossapi-farm-node
    security_group: glossapi-farm
    zones: [us-east-1b, us-east-1a]
"""

RETURN = r"""
nodes:
  description: The live instances with the farm's tag, by shard.
  returned: success
  type: list
  elements: dict
  sample:
    - {shard: 1, name: OpenArchive-Shard-1, instance_id: i-0123456789abcdef0, instance_type: g5.12xlarge,
       zone: us-east-1a, state: running, spot: false}
placement:
  description: Who is where, one line for each of RV(nodes).
  returned: success
  type: list
  elements: str
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
starts:
  description: >-
    How many instances were launched or started, those that were made another type among them; in check mode, how many
    would be.
  returned: O(state=present)
  type: int
  version_added: "1.1.0"
full:
  description: Why a subnet took no more instances, by its id; an empty one is the request that names no zone.
  returned: success
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.executor import LOG
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.farm import (
    Settings,
    have_instances,
    pause_instances,
    remove_instances,
)
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import append_log
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

ARGUMENTS: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent", "paused"], "default": "present"},
    "project": {"type": "str", "required": True},
    "count": {"type": "int"},
    "instance_type": {"type": "str"},
    "other_instance_types": {"type": "list", "elements": "str", "default": []},
    "image_id": {"type": "str", "default": ""},
    "image_parameter": {
        "type": "str",
        "default": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    },
    "root_volume_gib": {"type": "int", "default": 200},
    "instance_profile": {"type": "str"},
    "security_group": {"type": "str"},
    "vpc_id": {"type": "str", "default": ""},
    "subnets": {"type": "list", "elements": "str", "default": []},
    "zones": {"type": "list", "elements": "str", "default": []},
    "key_name": {"type": "str", "default": "", "no_log": False},
    "spot": {"type": "bool", "default": False},
    "spot_fallback": {"type": "bool", "default": False},
    "capacity_reservation": {"type": "str", "default": ""},
    "shutdown": {"type": "str", "choices": ["stop", "terminate"], "default": "stop"},
    "user_data": {"type": "str", "default": ""},
    "tags": {"type": "dict", "default": {}},
    "confirm_resize": {"type": "bool", "default": False},
    "surplus": {"type": "str", "choices": ["keep", "terminate"], "default": "keep"},
    "unfinished": {"type": "dict", "default": {}},
    "confirm_unfinished": {"type": "bool", "default": False},
    "capacity_timeout": {"type": "int", "default": 0},
    "log_file": {"type": "path"},
    "wait_timeout": {"type": "int", "default": 600},
}


def shard_instances(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having, having paused or having removed the instances.

    Raises:
        FarmError: a setting is out of its range, something must not be changed, or AWS refuses something.
    """
    wait_seconds = parameters["wait_timeout"]
    if parameters["state"] == "absent":
        return remove_instances(connection, parameters["project"], wait_seconds, check_mode=check_mode)
    if parameters["state"] == "paused":
        return pause_instances(connection, parameters["project"], wait_seconds, check_mode=check_mode)
    if parameters["log_file"] and not check_mode:
        append_log(LOG, parameters["log_file"], "INFO")
    return have_instances(
        connection,
        Settings.from_parameters(parameters),
        wait_seconds,
        check_mode=check_mode,
        capacity_seconds=parameters["capacity_timeout"],
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        required_if=[("state", "present", ["count", "instance_type", "instance_profile", "security_group"])],
        supports_check_mode=True,
    )
    run_module(
        module,
        lambda: shard_instances(connection_from(module), module.params, check_mode=module.check_mode),
    )


if __name__ == "__main__":
    main()
