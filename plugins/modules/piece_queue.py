#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: piece_queue
short_description: Put the pieces of a cut that are not finished into a queue
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Sends a message for each piece of a cut of M(glossapi.farm.shard_manifest) with documents that wait for the stage,
    and which is not in the queue already, to a queue of Amazon SQS. Supervisors of M(glossapi.farm.shard_run) with
    O(glossapi.farm.shard_run#module:queue) take them from there.
  - What was sent is in C(<results>/status/_queue/<stage>.json). Whether a piece is finished is told by the markers
    alone, so that a queue that was lost or purged is filled again by the same task.
  - The queue is filled from the beginning, and its older messages are void, where the documents were cut anew, and
    where it is empty though pieces that were sent are not finished. Whether it is empty takes 20 seconds to find out.
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
    description: Prefix that takes results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  queue:
    description: URL or name of the queue. By its name it is looked for in the region.
    type: str
    required: true
  again:
    description: Fill the queue from the beginning, though what was sent may still be in it.
    type: bool
    default: false
  redo:
    description:
      - Tells a request to process finished documents again from others, such as the classes of
        O(glossapi.farm.shard_run#module:retry). With one that the queue was not filled for yet, all pieces are sent.
      - Empty for none.
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
    details: Without the cut, or the queue, it reports a change and a warning, as in a real run these come before.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: With O(again) each run fills the queue from the beginning.
"""

EXAMPLES = r"""
- name: Put what is not finished into the queue
  glossapi.farm.piece_queue:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    queue: glossapi-farm-text
    region: us-east-1
  register: queued

- name: Work on it
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    queue: "{{ queued.queue_url }}"
"""

RETURN = r"""
queue_url:
  description: URL of the queue.
  returned: success
  type: str
  sample: https://sqs.us-east-1.amazonaws.com/123456789012/glossapi-farm-text
generation:
  description: How often the queue was filled from the beginning, this time included.
  returned: success
  type: int
reason:
  description: Why it is filled from the beginning now. Empty where it is not.
  returned: success
  type: str
  sample: the documents were cut anew
pieces:
  description: Pieces of the cut that have documents.
  returned: success
  type: int
finished:
  description: Of these, the ones of which no document waits for the stage.
  returned: success
  type: int
sent:
  description: Pieces that were sent now, or would be.
  returned: success
  type: int
visible:
  description: Messages that waited in the queue before, about, as SQS counts them.
  returned: success
  type: int
in_flight:
  description: Messages that supervisors worked on before, about.
  returned: success
  type: int
dead:
  description: Messages that were given back too often, about. They are in the queue beside this one.
  returned: success
  type: int
dead_pieces:
  description: Numbers of the unfinished pieces among the first hundred of these.
  returned: success
  type: list
  elements: int
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._queue.enqueue import Enqueued, Enqueuing, Request
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import QueueGone, find_queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.queue_record import QueueRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "stage": {"type": "str", "choices": [stage.value for stage in Stage], "default": "text"},
    "results": {"type": "str", "required": True},
    "queue": {"type": "str", "required": True},
    "again": {"type": "bool", "default": False},
    "redo": {"type": "str", "default": ""},
}


def run(parameters: dict[str, Any], connection: Connection, *, check_mode: bool) -> dict[str, Any]:
    """Put in what is missing, and return the module's result."""
    try:
        queue = find_queue(connection, parameters["queue"])
    except QueueGone as gone:
        raise NotYetError(str(gone)) from gone
    request = Request(
        Stage(parameters["stage"]),
        S3Uri.parse(parameters["manifests"]),
        S3Uri.parse(parameters["results"]),
        parameters["again"],
        parameters["redo"],
    )
    client = connection.client(pool_size=READERS)
    return {"queue_url": queue.url, **_result(Enqueuing(client, queue, request).run(check_mode=check_mode))}


def _result(enqueued: Enqueued) -> dict[str, Any]:
    return {
        "changed": enqueued.sent > 0,
        "generation": enqueued.after.generation,
        "reason": enqueued.reason,
        "pieces": enqueued.pieces,
        "finished": enqueued.finished,
        "sent": enqueued.sent,
        "visible": enqueued.depth.visible,
        "in_flight": enqueued.depth.in_flight,
        "dead": enqueued.dead,
        "dead_pieces": list(enqueued.dead_pieces),
        "diff": {"before": _lines(enqueued.before), "after": _lines(enqueued.after)},
    }


def _lines(record: QueueRecord) -> str:
    """Return what the record says of the queue, for people."""
    return f"generation {record.generation}\n{len(record.sent)} pieces were sent\n"


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: run(module.params, connection_from(module), check_mode=module.check_mode))


if __name__ == "__main__":
    main()
