#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: piece_queue_info
short_description: Tell what a queue of pieces has, and which pieces nobody could end
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads a queue that M(glossapi.farm.piece_queue) fills, and the one beside it for messages that nobody could end.
    Changes nothing, but that the first hundred of the latter cannot be received for half a minute.
options:
  manifests:
    description: Prefix of the cut's manifests, as C(s3://bucket/prefix/shards).
    type: str
    required: true
  stage:
    description: Which stage the cut is of.
    type: str
    choices: [text, ocr, math]
    default: text
  results:
    description: Prefix that has results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  queue:
    description: URL or name of the queue. By its name it is looked for in the region.
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
- name: Look at the queue of stage text
  glossapi.farm.piece_queue_info:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    queue: glossapi-farm-text
    region: us-east-1
  register: found
"""

RETURN = r"""
visible:
  description: Messages that wait, now or soon, about, as SQS counts them.
  returned: success
  type: int
in_flight:
  description: Messages that supervisors work on, about.
  returned: success
  type: int
dead:
  description: Messages that were received too often, about. They are in the queue beside this one.
  returned: success
  type: int
dead_pieces:
  description: Numbers of the unfinished pieces among the first hundred of these.
  returned: success
  type: list
  elements: int
lines:
  description: The same for people, with the way on.
  returned: success
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import find_queue
from ansible_collections.glossapi.farm.plugins.module_utils._queue.status import queue_status
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "stage": {"type": "str", "choices": [stage.value for stage in Stage], "default": "text"},
    "results": {"type": "str", "required": True},
    "queue": {"type": "str", "required": True},
}


def run(parameters: dict[str, Any], connection: Connection) -> dict[str, Any]:
    """Return the module's result."""
    queue = find_queue(connection, parameters["queue"])
    manifests, results = S3Uri.parse(parameters["manifests"]), S3Uri.parse(parameters["results"])
    client = connection.client(pool_size=READERS)
    return queue_status(client, queue, manifests, results, Stage(parameters["stage"]))


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: run(module.params, connection_from(module)))


if __name__ == "__main__":
    main()
