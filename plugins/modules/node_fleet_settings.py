#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_fleet_settings
short_description: Tell the nodes of a fleet how to work
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Writes C(<results>/status/_fleet/settings.json), which nodes of M(glossapi.farm.node_fleet) read when they begin, as
    no controller configures them. No secret may be among the options.
  - Supervisors that work go on with what they began with; each that begins anew goes by this.
options:
  results:
    description: Prefix that takes results, markers and progress, as C(s3://bucket/prefix).
    type: str
    required: true
  stages:
    description:
      - How supervisors work at each stage, in the order of the stages. Each has the name C(stage), and the options of
        M(glossapi.farm.shard_run) but for C(shard), C(node), C(state) and C(results). C(queue) is the name of its
        queue, or its URL.
    type: list
    elements: dict
    required: true
  first_number:
    description: The smallest number of a supervisor of the fleet. Smaller ones are those of the inventory's nodes.
    type: int
    required: true
  gpus:
    description:
      - GPUs that a node of the farm has. Where C(slots) are all of these, a node of another instance type has one for
        each of its own.
    type: int
    default: 0
  trial_manifests:
    description: Prefix of the cut whose documents a node tries its pipelines on before it works.
    type: str
    required: true
  secret:
    description: Name of the secret that has the token for models; empty for none.
    type: str
    default: ""
  token:
    description: File on the node that gets it. Required where O(secret) is given.
    type: path
  lifetime:
    description: When a node ends itself, as the role C(node_lifetime) tells its timer.
    type: dict
    required: true
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
"""

EXAMPLES = r"""
- name: Tell the fleet's nodes how to work
  glossapi.farm.node_fleet_settings:
    results: s3://farm-results/openarchives
    first_number: 5
    gpus: 4
    trial_manifests: s3://farm-manifests/openarchives/shards
    stages:
      - stage: text
        queue: glossapi-farm-text
        manifests: s3://farm-manifests/openarchives/shards
        workdir: /mnt/data
        slots: ["0", "1", "2", "3"]
    lifetime: "{{ node_lifetime_settings }}"
"""

RETURN = r"""
address:
  description: Where the settings are.
  returned: success
  type: str
  sample: s3://farm-results/openarchives/status/_fleet/settings.json
"""

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.settings import publish_settings
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import find_queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import FleetSettings, FleetStage
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import worker_arguments
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, Any] = {
    "results": {"type": "str", "required": True},
    "stages": {"type": "list", "elements": "dict", "required": True},
    "first_number": {"type": "int", "required": True},
    "gpus": {"type": "int", "default": 0},
    "trial_manifests": {"type": "str", "required": True},
    "secret": {"type": "str", "default": "", "no_log": False},
    "token": {"type": "path", "no_log": False},
    "lifetime": {"type": "dict", "required": True},
}
# What is each node's own.
_OF_A_NODE = ("shard", "node")


def stage_from(given: Mapping[str, Any], results: str) -> FleetStage:
    """Return how supervisors work at a stage, with all options that were not given.

    Raises:
        FarmError: an option is none, or of another type.
    """
    arguments = {name: spec for name, spec in worker_arguments().items() if name not in _OF_A_NODE}
    # Plain: Ansible's own dictionaries take seconds to be copied, which the validator does.
    options = json.loads(json.dumps({**given, "results": results}))
    name = options.pop("stage", "")
    if name not in list(Stage):
        raise FarmError(f"stage is {name!r}: give one of {', '.join(Stage)} with each of stages.")
    validated = ArgumentSpecValidator(arguments).validate(options)
    if validated.error_messages:
        raise FarmError(f"Of stage {name}: {' '.join(validated.error_messages)}")
    return FleetStage(Stage(name), dict(validated.validated_parameters))


def settings_from(connection: Connection, parameters: Mapping[str, Any]) -> FleetSettings:
    """Return what nodes are told, each queue by its URL.

    Raises:
        AwsError: a queue is not there, or cannot be looked for.
        FarmError: an option of a stage is none, or of another type.
    """
    stages = []
    for given in parameters["stages"]:
        stage = stage_from(given, parameters["results"])
        url = find_queue(connection, stage.queue).url
        stages.append(FleetStage(stage.stage, {**stage.options, "queue": url}))
    return FleetSettings(
        region=connection.region or "",
        first_number=parameters["first_number"],
        gpus=parameters["gpus"],
        stages=tuple(stages),
        trial_manifests=parameters["trial_manifests"],
        secret=parameters["secret"],
        token=parameters["token"] or "",
        lifetime=parameters["lifetime"],
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        connection = connection_from(module)
        if module.params["secret"] and not module.params["token"]:
            raise FarmError("secret is given without token: say which file gets it.")
        settings = settings_from(connection, module.params)
        results = S3Uri.parse(module.params["results"])
        return publish_settings(connection.client(), results, settings, check_mode=module.check_mode)

    run_module(module, work)


if __name__ == "__main__":
    main()
