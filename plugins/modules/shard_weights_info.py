#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_weights_info
short_description: Tell how fast each node is, to cut what is left of the shards by
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads what the supervisors of M(glossapi.farm.shard_run) last said of themselves from S3, and nothing else.
  - The weights are for O(glossapi.farm.shard_manifest#module:weights).
options:
  results:
    description: Prefix that takes results, markers and progress, as C(s3://bucket/prefix).
    type: str
    required: true
  stage:
    description: Whose supervisors are asked for their speed.
    type: str
    choices: [text, ocr, math]
    default: text
    version_added: "1.1.0"
  shards:
    description: How many shards there are.
    type: int
    required: true
  live:
    description:
      - The shards whose node can work. The others get nothing.
    type: list
    elements: int
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
    support: none
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.shard_manifest
  - module: glossapi.farm.shard_run
"""

EXAMPLES = r"""
- name: Find out how fast the nodes are that are left
  glossapi.farm.shard_weights_info:
    results: s3://farm-results/openarchives
    shards: 4
    live: [1, 2, 4]
  register: speeds

- name: Cut what is not finished over them
  glossapi.farm.shard_manifest:
    counts: s3://farm-manifests/openarchives/page_counts_master.csv
    output_prefix: s3://farm-manifests/openarchives/shards
    shards: 4
    weights: "{{ speeds.weights }}"
    exclude_finished: s3://farm-results/openarchives/status
"""

RETURN = r"""
weights:
  description:
    - Pages per second of each shard's supervisor, in the order of the shards, in the last minutes that it worked, or
      since it last started where it has not told these.
    - 0 for a shard that is not in O(live), or of which every slot was drained. The mean of the others for one
      that has not done a page; 1 where none has.
  returned: success
  type: list
  elements: float
  sample: [11.2, 10.9, 0.0, 6.1]
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.speeds import shard_weights
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import read_progress

ARGUMENTS: dict[str, dict[str, Any]] = {
    "results": {"type": "str", "required": True},
    "stage": {"type": "str", "choices": list(Stage), "default": Stage.TEXT.value},
    "shards": {"type": "int", "required": True},
    "live": {"type": "list", "elements": "int", "required": True},
}


def weights_info(connection: Connection, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result.

    Raises:
        FarmError: an option is out of its range, or S3 could not be read.
    """
    shards = parameters["shards"]
    progress = read_progress(
        connection.client(), S3Uri.parse(parameters["results"]), range(1, shards + 1), Stage(parameters["stage"])
    )
    for problem in progress.problems:
        warn(problem)
    return {"changed": False, "weights": shard_weights(shards, parameters["live"], progress.by_shard)}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: weights_info(connection_from(module), module.params))


if __name__ == "__main__":
    main()
