#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_plan
short_description: Tell how long the shards will take and what their nodes will cost
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the summary of M(glossapi.farm.shard_manifest) and the progress of M(glossapi.farm.shard_run) from S3, a few
    small objects however large the farm is. No node needs to be reachable.
  - Hours rest on the rate that the supervisors measured, and on O(seconds_per_page) while nothing was measured.
  - Nodes are of one type, and all are paid until the last shard is finished.
options:
  price_per_hour:
    description: Price of one node in USD an hour.
    type: float
    required: true
  seconds_per_page:
    description: Seconds that one slot takes for a page, where no supervisor has measured it yet.
    type: float
    required: true
  slots:
    description: Slots of one node, each with a worker of its own.
    type: int
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.farm
attributes:
  check_mode:
    support: full
    details: Without a cut the task is skipped with a warning, as in a real run the cut would come before.
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.shard_manifest
  - module: glossapi.farm.shard_info
"""

EXAMPLES = r"""
- name: Tell what the farm will cost
  glossapi.farm.shard_plan:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    price_per_hour: 5.672
    seconds_per_page: 2
    slots: 4
  register: plan

- name: Stop where that is too much
  ansible.builtin.assert:
    that: plan.dollars < 2000
"""

RETURN = r"""
shards:
  description: Each shard's pages that are neither done nor failed, and the hours that its node takes for them.
  returned: success
  type: list
  elements: dict
  sample:
    - {shard: 1, pages: 250000, hours: 34.7}
pages:
  description: Pages of all shards that are neither done nor failed.
  returned: success
  type: int
hours:
  description: Hours until the last shard is finished.
  returned: success
  type: float
dollars:
  description: Price in USD of all nodes that have work for these hours, without storage and requests.
  returned: success
  type: float
skew:
  description: The longest shard's hours over the mean of those that have work. 1 is perfect.
  returned: success
  type: float
seconds_per_page:
  description: Seconds of one slot for a page that the hours rest on.
  returned: success
  type: float
measured_pages:
  description: Pages over which RV(seconds_per_page) was measured; 0 where it is O(seconds_per_page).
  returned: success
  type: int
report:
  description: The same for people.
  returned: success
  type: str
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import read_summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.plan import Prices, describe, make_plan
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import read_progress

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "results": {"type": "str", "required": True},
    "summary_name": {"type": "str", "default": SUMMARY_NAME},
    "price_per_hour": {"type": "float", "required": True},
    "seconds_per_page": {"type": "float", "required": True},
    "slots": {"type": "int", "required": True},
}


def shard_plan(connection: Connection, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result.

    Raises:
        NotYetError: the shards are not cut yet.
        FarmError: an option is out of its range, an address malformed, or S3 could not be read.
    """
    prices = Prices(parameters["price_per_hour"], parameters["seconds_per_page"], parameters["slots"])
    manifests = S3Uri.parse(parameters["manifests"])
    results = S3Uri.parse(parameters["results"])
    client = connection.client()
    shards = read_summary(client, manifests, parameters["summary_name"]).shards
    progress = read_progress(client, results, [shard.shard for shard in shards])
    for problem in progress.problems:
        warn(problem)
    plan = make_plan(
        {shard.shard: shard.pages for shard in shards},
        {shard.shard: shard.documents for shard in shards},
        progress.by_shard,
        prices,
    )
    values = asdict(plan)
    return values | {"changed": False, "shards": list(values["shards"]), "report": describe(plan, prices)}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(
        module,
        lambda: shard_plan(connection_from(module), module.params),
        if_not_yet={"changed": False, "skipped": True},
    )


if __name__ == "__main__":
    main()
