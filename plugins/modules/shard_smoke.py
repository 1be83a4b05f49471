#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_smoke
short_description: Try a shard's pipeline on a few of its documents
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Processes the three shortest pending documents of a shard as M(glossapi.farm.shard_run) would, from S3 to S3, and
    fails where none of them is done. So it shows that this host reads documents, has a pipeline that works, and writes
    results.
  - Writes below C(<results>/_smoke/<node>/<time>) only. No document is marked in the real run.
  - Tries nothing, and reports no change, where the shard is being processed or has no pending document.
options:
  results:
    description: Prefix that takes the real run's results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  workdir:
    description: Absolute path of the real run's folder on this host. The trial has C(<workdir>/smoke).
    type: path
    required: true
  node:
    description: Name of this host.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.pipelines
  - glossapi.farm.shard
attributes:
  check_mode:
    support: full
    details: Without the shard's manifest it reports a change and a warning, as in a real run the cut comes before.
  diff_mode:
    support: none
  idempotent:
    support: none
notes:
  - Needs Linux and Python 3.11 on the host.
"""

EXAMPLES = r"""
- name: Try the pipeline
  glossapi.farm.shard_smoke:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    node: OpenArchive-Shard-1
    pipeline: glossapi
"""

RETURN = r"""
tried:
  description: The documents' addresses.
  returned: success
  type: list
  elements: str
done:
  description: How many of them succeeded.
  returned: success
  type: int
failures:
  description: Why others did not.
  returned: success
  type: list
  elements: str
skipped:
  description: Why nothing was tried; empty where something was.
  returned: success
  type: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import DEFAULT, NAMES, kind_of
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import try_pipeline

_TAKEN = (
    "shard",
    "manifests",
    "results",
    "workdir",
    "node",
    "pipeline",
    "pipeline_options",
    "timeout_base",
    "timeout_per_page",
)


def config_from(parameters: dict[str, Any], connection: Connection) -> RunConfig:
    """Return the real run's configuration, as far as a trial needs it.

    Raises:
        FarmError: the pipeline does not know an option.
    """
    kind_of(parameters["pipeline"]).check(parameters["pipeline_options"])
    return RunConfig(
        **{name: parameters[name] for name in _TAKEN},
        slots=tuple(parameters["slots"]),
        max_attempts=1,
        prefetch=1,
        grace_seconds=0,
        outage_seconds=60,
        region=connection.region,
        endpoint_url=connection.endpoint_url,
        profile=connection.profile,
        verify=connection.verify,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "shard": {"type": "int", "required": True},
            "manifests": {"type": "str", "required": True},
            "results": {"type": "str", "required": True},
            "workdir": {"type": "path", "required": True},
            "node": {"type": "str", "required": True},
            "pipeline": {"type": "str", "choices": list(NAMES), "default": DEFAULT},
            "pipeline_options": {"type": "dict", "default": {}},
            "slots": {"type": "list", "elements": "str", "default": ["0"]},
            "timeout_base": {"type": "float", "default": 300},
            "timeout_per_page": {"type": "float", "default": 30},
        },
        supports_check_mode=True,
    )

    def work() -> dict[str, Any]:
        connection = connection_from(module)
        config = config_from(module.params, connection)
        return try_pipeline(config, connection, check_mode=module.check_mode).to_result()

    run_module(module, work)


if __name__ == "__main__":
    main()
