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
  spot_fallback:
    description: With O(spot), whether on-demand instances will do where the spot quota is too low.
    type: bool
    default: false
    version_added: "1.1.0"
  other_instance_types:
    description: >-
      Instance types that will do as well as O(instance_type); whether they are fit, offered, and have a vCPU quota,
      which is added to that of O(instance_type).
    type: list
    elements: str
    default: []
    version_added: "1.1.0"
  capacity_reservation:
    description:
      - Id of the capacity reservation that nodes are launched into; it must be active, of the type, in a zone of the
        subnets, and have room for those that are missing.
    type: str
    default: ""
    version_added: "1.1.0"
  buckets:
    description: Buckets that must be reachable.
    type: list
    elements: str
    default: []
  documents:
    description:
      - Where the documents are, as C(s3://bucket/prefix); nothing is looked for without it.
      - There must be one, whose prefix is a folder, and nodes must be able to read it. Its bucket is one of O(buckets).
    type: str
    default: ""
    version_added: "1.1.0"
  kms_key:
    description: ARN of the one KMS key that nodes may use; empty for none.
    type: str
    default: ""
    version_added: "1.1.0"
  gpus:
    description: GPUs that each node must have; 0 for whatever its type has.
    type: int
    default: 0
    version_added: "1.1.0"
  image_id:
    description: Machine image of the nodes.
    type: str
    default: ""
    version_added: "1.1.0"
  image_parameter:
    description:
      - Public SSM parameter that names the image where O(image_id) is empty.
      - Where both are empty nothing is looked at that EC2 would launch the nodes with.
    type: str
    default: ""
    version_added: "1.1.0"
  root_volume_gib:
    description: Size of the nodes' root volume in GiB.
    type: int
    default: 200
    version_added: "1.1.0"
  key_name:
    description: EC2 key pair of the nodes; empty for none.
    type: str
    default: ""
    version_added: "1.1.0"
  security_group:
    description: Security group of the nodes. One that is given by its id must exist, in the VPC of the subnets.
    type: str
    default: ""
    version_added: "1.1.0"
  vpc_id:
    description: VPC of the nodes; empty for the default VPC.
    type: str
    default: ""
    version_added: "1.1.0"
  subnets:
    description: Subnets of the nodes; empty for the VPC's.
    type: list
    elements: str
    default: []
    version_added: "1.1.0"
  zones:
    description: Zones of the nodes; empty for all.
    type: list
    elements: str
    default: []
    version_added: "1.1.0"
  token_given:
    description: Whether a token will be stored in O(secret), which may then be missing.
    type: bool
    default: false
    version_added: "1.1.0"
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
gpus:
  description: GPUs that O(instance_type) has.
  returned: O(image_id) or O(image_parameter) is given and there is such a type
  type: int
would_launch:
  description: True where EC2 says, by a dry run, that it would launch a node; absent otherwise.
  returned: O(image_id) or O(image_parameter) is given and EC2 would
  type: bool
first_document:
  description: The first of the documents.
  returned: O(documents) is given and there is one
  type: str
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
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight_documents import (
    check_documents,
    check_encryption,
)
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight_launch import Launch, check_launch
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.routes import NEEDED_ENDPOINTS
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._reach.controller import (
    CONNECTIONS,
    machine_problems,
    needed_actions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import is_document
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, Any] = {
    "project": {"type": "str", "required": True},
    "instance_type": {"type": "str", "default": ""},
    "count": {"type": "int", "default": 0},
    "spot": {"type": "bool", "default": False},
    "spot_fallback": {"type": "bool", "default": False},
    "other_instance_types": {"type": "list", "elements": "str", "default": []},
    "capacity_reservation": {"type": "str", "default": ""},
    "buckets": {"type": "list", "elements": "str", "default": []},
    "documents": {"type": "str", "default": ""},
    "kms_key": {"type": "str", "default": "", "no_log": False},
    "gpus": {"type": "int", "default": 0},
    "image_id": {"type": "str", "default": ""},
    "image_parameter": {"type": "str", "default": ""},
    "root_volume_gib": {"type": "int", "default": 200},
    "key_name": {"type": "str", "default": "", "no_log": False},
    "security_group": {"type": "str", "default": ""},
    "vpc_id": {"type": "str", "default": ""},
    "subnets": {"type": "list", "elements": "str", "default": []},
    "zones": {"type": "list", "elements": "str", "default": []},
    "token_given": {"type": "bool", "default": False, "no_log": False},
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
            [parameters["instance_type"], *parameters["other_instance_types"]],
            parameters["count"],
            spot=parameters["spot"],
            spot_fallback=parameters["spot_fallback"],
        )
    check_buckets(
        connection,
        findings,
        parameters["buckets"],
        managed=parameters["managed_buckets"],
        requester_pays=parameters["requester_pays"],
    )
    _check_data(connection, findings, parameters)
    if parameters["instance_profile"]:
        check_instance_profile(
            connection, findings, parameters["instance_profile"], arn, managed=parameters["manage_iam"]
        )
    if parameters["image_id"] or parameters["image_parameter"]:
        check_launch(connection, findings, _launch(parameters, findings))
    if parameters["secret"]:
        check_secret(connection, findings, parameters["secret"], given=parameters["token_given"])
    if parameters["connection"]:
        way, key = parameters["connection"], parameters["ssh_public_key"]
        findings.problems += machine_problems(way, key)
        check_sessions(connection, findings, arn, needed_actions(way, key))
    return {"changed": False, "problems": findings.problems, "notes": findings.notes, **findings.facts}


def _check_data(connection: Connection, findings: Findings, parameters: Mapping[str, Any]) -> None:
    """Look at the documents and at the encryption of the buckets, of those that are there."""
    there = [bucket for bucket, exists in findings.facts["buckets"].items() if exists]
    payers, kms_key = parameters["requester_pays"], parameters["kms_key"]
    # Only its owner may read the encryption of another account's bucket; its documents say what they need.
    check_encryption(connection, findings, [bucket for bucket in there if bucket not in payers], kms_key=kms_key)
    if not parameters["documents"]:
        return
    source = S3Uri.parse(parameters["documents"])
    if source.bucket in there:
        pays = source.bucket in payers
        check_documents(connection, findings, source, is_document, requester_pays=pays, kms_key=kms_key)


def _launch(parameters: Mapping[str, Any], findings: Findings) -> Launch:
    profile = findings.facts.get("instance_profile", {})
    return Launch(
        project=parameters["project"],
        instance_type=parameters["instance_type"],
        other_types=tuple(parameters["other_instance_types"]),
        gpus=parameters["gpus"],
        image_id=parameters["image_id"],
        image_parameter=parameters["image_parameter"],
        root_gib=parameters["root_volume_gib"],
        key_name=parameters["key_name"],
        security_group=parameters["security_group"],
        vpc_id=parameters["vpc_id"],
        subnets=tuple(parameters["subnets"]),
        zones=tuple(parameters["zones"]),
        instance_profile=profile["name"] if profile.get("exists") else "",
        # As provisioning: on-demand instances do, too.
        spot=parameters["spot"] and not parameters["spot_fallback"],
        reservation=parameters["capacity_reservation"],
        missing=findings.facts.get("nodes_missing", 0),
        services=(*NEEDED_ENDPOINTS, *(["secretsmanager"] if parameters["secret"] else [])),
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
    )
    run_module(module, lambda: provision_info(connection_from(module), module.params))


if __name__ == "__main__":
    main()
