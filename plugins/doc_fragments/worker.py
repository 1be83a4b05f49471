# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of how a supervisor works on its shard."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


class ModuleDocFragment:
    """The options of RunConfig (module_utils/_runner/config.py) that a trial does not take."""

    # Annotated: the yamllint of ansible-test stumbles over an assignment that is no plain text.
    DOCUMENTATION: str = rf"""
options:
  max_attempts:
    description: How often a document is tried that times out, ends its worker, or fails in the pipeline.
    type: int
    default: 2
  prefetch:
    description: Documents that are downloaded ahead.
    type: int
    default: 8
  prefetch_bytes:
    description: How much of the disk documents that wait for a worker may take.
    type: int
    default: 20000000000
  worker_documents:
    description: Documents after which a worker is replaced, so that what it leaks is returned.
    type: int
    default: 500
  worker_growth_bytes:
    description: Growth of a worker's memory since its first document at which it is replaced.
    type: int
    default: 8000000000
  worker_memory_bytes:
    description:
      - Memory that a worker and what it has started may occupy. One that takes more is ended, and its document is tried
        once more while no other is worked on, then it has failed as C(out_of_memory).
      - V(0) is an even share of nine tenths of the machine's memory, and all of it for a document that is tried alone.
    type: int
    default: 0
    version_added: "1.1.0"
  timeout_factor:
    description:
      - O(timeout_base) and O(timeout_per_page) are multiplied by this.
      - Once 200 documents were measured, a document is first given three times what nearly all of them needed. One that
        needs more is tried again with all of this time.
    type: float
    default: 1
  retry:
    description:
      - Process failed documents of these classes again. Their markers stay until they end anew.
      - A document that fails again under the same request, which is O(retry), O(timeout_factor) and O(retry_label), is
        not tried again by it. So the same task can be run until it is through.
    type: list
    elements: str
    choices: [{", ".join(each.value for each in FailureClass)}]
    default: []
  retry_label:
    description: Any text that makes O(retry) a new request, for example after something was repaired.
    type: str
    default: ""
  redo_stale:
    description:
      - Process finished documents again where the input's etag, the pipeline, its revision, or its options that change
        the output are others than in the marker.
      - In check mode RV(stale) tells how many there are.
    type: bool
    default: false
  grace_seconds:
    description: Seconds that documents in work have to end after a request to stop.
    type: float
    default: 60
  outage_seconds:
    description:
      - Seconds for which S3 may be out of reach, or the disk full, before the supervisor gives up.
      - That is no document's failure. They stay pending.
    type: float
    default: 600
  max_failure_share:
    description:
      - Which share of the last 50 documents may fail with the same class, of one slot or of all.
      - Where more do, or 20 in a row, they have something in common. That slot is drained, or the shard stops with the
        state V(broken), and what failed last stays pending.
      - It is a share of 50 also while there are fewer, so that 2 of the first 5 stop nothing.
      - Encrypted and damaged documents, and those that need OCR, are not counted as failures here, and neither are
        documents that had failed before.
      - V(1) is no limit.
    type: float
    default: 0.2
    version_added: "1.1.0"
  interruption_notices:
    description:
      - Ask EC2's instance metadata service every 5 seconds whether the machine is to be taken away, a spot instance in
        two minutes or for maintenance within five, and then stop as at O(state=stopped), so that others can go on.
      - Not asked where the environment has E(AWS_EC2_METADATA_DISABLED) set to C(true).
    type: bool
    default: false
  help_others:
    description:
      - Lend documents to supervisors of other shards that have none left to begin, and borrow theirs likewise.
      - Both must work by the same options. Outputs and markers are as if the shard's own supervisor had done it, but
        for the node that a marker names.
      - A command that uploads its output itself takes no part.
    type: bool
    default: false
    version_added: "1.1.0"
  piece_minutes:
    description: About how many minutes of work are lent at once, by the lender's speed; less towards the end.
    type: float
    default: 30
    version_added: "1.1.0"
  queue:
    description:
      - URL of the Amazon SQS queue whose pieces are worked on, one after the other, see M(glossapi.farm.piece_queue).
        The supervisor then has no documents of its own, and O(shard) is only its number.
      - It ends when it has no piece in hand and none has waited for a minute, also while others work.
      - RV(pending) then counts the pieces that wait or are in work.
      - Empty for none, so that the documents of O(shard) are worked on.
    type: str
    default: ""
    version_added: "1.1.0"
  budget:
    description:
      - USD that the nodes of all shards of O(results) together may cost, as RV(glossapi.farm.shard_info#module:costs).
      - Once a minute the supervisor looks, and stops as at O(state=stopped) when it is spent.
      - RV(progress) then says so.
      - A node with the role C(node_lifetime) counts from its launch, with its disk, and ends itself then; of another
        one what it idles is not counted, and it goes on.
      - V(0) is no limit.
    type: float
    default: 0
  price_per_hour:
    description: Price of one node in USD an hour. Needed for O(budget).
    type: float
    default: 0
"""
