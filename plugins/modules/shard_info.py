#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_info
short_description: Tell what became of every document of a farm
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the page-count table that the last cut was made from, the manifests of M(glossapi.farm.shard_manifest) and
    the markers and progress of M(glossapi.farm.shard_run) from S3, and nothing else. No node needs to be reachable.
  - The account is over the documents of the table that can be worked on, whatever was cut since. A cut says only what
    is to be done now.
  - Checks that RV(reconciliation.input) = RV(reconciliation.done) + RV(reconciliation.failed) +
    RV(reconciliation.pending). It does not fail where that does not hold; see RV(reconciliation.balances).
  - With O(wait) it first waits until no document of the shards is pending.
options:
  stage:
    description:
      - Of which stage O(manifests) has the cut, and whose supervisors are asked. The account is of all documents.
      - Stage V(ocr) has a cut only when V(text) has handed documents on, and V(math) when it has found formulas; the
        task is skipped before.
    type: str
    choices: [text, ocr, math]
    default: text
    version_added: "1.1.0"
  verify_outputs:
    description:
      - Whether to look for the Markdown of each document that is marked done.
      - Takes one listing of the Markdown of each shard, several at a time.
    type: bool
    default: false
  find_stale:
    description:
      - Whether to tell which documents were done or failed with another input, pipeline or options than there are now.
      - Compares the marker of each with the input's etag, O(pipeline), O(pipeline_options) and O(pipeline_commit).
        Takes a request for each marker.
      - O(glossapi.farm.shard_run#module:redo_stale) does them again.
    type: bool
    default: false
  pipeline_commit:
    description: Commit that the nodes' pipeline has now, for O(find_stale); not compared where it is empty.
    type: str
    default: ""
  requester_pays:
    description:
      - Whether to accept that the listing of the documents for O(find_stale) is on this account's bill. A
        requester-pays bucket denies access without it.
    type: bool
    default: false
    version_added: "1.1.0"
  wait:
    description:
      - Whether to wait until no document of the shards is pending.
      - Waiting also ends when every shard has been silent for O(silent_after) or after O(wait_timeout);
        RV(waited) then says why. Nothing is stopped by that.
      - S3 that is out of reach after it has answered is waited for, and so are credentials of a profile that have
        expired until they are renewed. O(log_file) says so.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most.
    type: int
    default: 1209600
  silent_after:
    description: Seconds without new progress after which a shard is taken for silent.
    type: int
    default: 120
  poll_interval:
    description: Seconds between two looks while waiting.
    type: int
    default: 10
  log_file:
    description:
      - File on the host that runs the module. Gets a line of progress at each look while waiting.
      - On the controller itself the task shows these lines as they are written.
    type: path
  output_file:
    description:
      - File on the host that runs the module, to which RV(report) is written.
      - All return values as JSON where its name ends in C(.json).
    type: path
  max_failure_share:
    description:
      - Which share of all documents that O(stage) has ended may have failed there with the same class, before
        RV(failing_alike) and RV(attention) say so. A document that was handed on has not failed.
      - Shards of few documents never stop by O(glossapi.farm.shard_run#module:max_failure_share), and all may be wrong.
      - Encrypted and damaged documents, and those that need OCR, are not counted as failures here.
      - V(1) is no limit.
    type: float
    default: 0.2
    version_added: "1.1.0"
  price_per_hour:
    description: Price in USD an hour of a node that does not say itself what it costs, for RV(costs).
    type: float
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.farm
  - glossapi.farm.pipelines
attributes:
  check_mode:
    support: full
    details: Writes no O(log_file) or O(output_file), and does not wait. Without a cut it is skipped with a warning.
  diff_mode:
    support: none
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Show how far the farm is
  glossapi.farm.shard_info:
    manifests: s3://farm-manifests/openarchives
    results: s3://farm-results/openarchives
  register: farm

- name: Wait for the end and check every output
  glossapi.farm.shard_info:
    manifests: s3://farm-manifests/openarchives
    results: s3://farm-results/openarchives
    wait: true
    verify_outputs: true
  register: farm
"""

RETURN = r"""
stage:
  description: The stage that RV(shards) are of.
  returned: success
  type: str
shards:
  description:
    - What the markers and the supervisor say of each shard, in order. Of a cut of pieces
      (O(glossapi.farm.shard_manifest#module:piece_pages)) these are the supervisors, without documents of their own.
    - C(waiting) are its documents that wait for RV(stage).
    - C(stale) has stale documents by what has changed; null unless O(find_stale).
    - C(machine) is the last sample of its node, GPU memory in MiB, temperature in degrees Celsius.
    - C(rate) is its pages per second in the last minutes, 0 where nobody works on it. C(pages_per_second) is the same,
      by its name of version 1.0.
    - C(finish) is as RV(finish), for this shard.
    - C(quality) is what the text is worth of the documents that the shard's supervisors have done at the stage, one
      that was done again counted again - their number, their mean score from 0 to 1, and their pages by source and by
      verdict; null where none was measured.
    - C(helping) has the shards whose documents its supervisor has borrowed, or the pieces that it has in hand,
      C(helped) how many documents of these it has ended since it started, and C(pages_helped) their pages.
    - C(history) has the pages done until, and the GPUs' utilization in percent before, up to 288 points of time.
  returned: success
  type: list
  elements: dict
  sample:
    - {shard: 1, documents: 250, pages: 30112, done: 240, pages_done: 29500, failed: 2, pages_failed: 80, pending: 8,
       forwarded: 6, pages_forwarded: 500, open_formulas: 0, waiting: 2, failures: {unreadable: 2},
       node: OpenArchive-Shard-1, state: running,
       rate: 11.2, pages_per_second: 11.2,
       finish: {expected: "2025-11-25T14:05:00+00:00", earliest: "2025-11-25T13:10:00+00:00",
                latest: "2025-11-25T15:00:00+00:00"},
       updated_at: 1764000000.0, seconds_since_update: 4.0, silent: false,
       drained: {"3": "NVRM Xid 79"}, helping: [3], helped: 120, pages_helped: 14200, stale: {options: 12},
       machine: {sampled_at: 1763999998.0, disk_bytes: 3800000000000, disk_free_bytes: 3500000000000,
                 gpus: [{index: 0, utilization: 97.0, memory_used: 18211.0, memory_total: 23028.0, temperature: 61.0}]},
       quality: {documents: 240, score: 0.97, pages: {layer: 29500}, verdicts: {good: 29420, blank: 80}},
       history: [{time: 1763990000.0, pages_done: 0, utilization: [0.0]}]}
waiting:
  description: Documents of all shards or pieces of the cut that wait for RV(stage).
  returned: success
  type: int
  version_added: "1.1.0"
pieces:
  description:
    - What became of all pieces together, in the same numbers as RV(no_shard); null where the cut has a shard for each
      node.
    - C(number) is how many there are, C(finished) how many of them have nothing that waits, C(in_work) how many of the
      others a supervisor that lives has in hand.
  returned: success
  type: dict
  sample: {number: 420, finished: 300, in_work: 4, documents: 398112, pages: 24100342, done: 290000,
           pages_done: 20000000, failed: 100, pages_failed: 9000, pending: 108012, forwarded: 0, pages_forwarded: 0,
           open_formulas: 0, waiting: 108012, failures: {timeout: 100}, stale: null}
  version_added: "1.1.0"
reconciliation:
  description: The account of all documents.
  returned: success
  type: dict
  contains:
    input:
      description: Documents of the page-count table that a cut by the same rules does not leave out.
      type: int
    done:
      description: Documents with a marker of success.
      type: int
    failed:
      description: Documents with a marker of failure.
      type: int
    pending:
      description: Documents that are neither done nor failed.
      type: int
    pending_by_stage:
      description: The same by the stage that they wait for, C(text) or C(ocr).
      type: dict
    open_formulas:
      description: Of the documents that are done, those with formulas that stage C(math) is to read.
      type: int
    unlisted:
      description: Documents with a marker that are not in the table, or are none of RV(reconciliation.input).
      type: int
    strangers:
      description: Documents of the shards that are not in the table, or are none of RV(reconciliation.input).
      type: int
    missing_outputs:
      description: Documents marked done without Markdown; null unless O(verify_outputs).
      type: int
    balances:
      description:
        - Whether input = done + failed + pending, the cut is whole, and nothing that is called done is missing.
      type: bool
    problems:
      description: Why it does not balance.
      type: list
      elements: str
no_shard:
  description:
    - The same numbers for the documents that no shard of the last cut lists, as those that were finished before it.
    - C(pending) ones were left out of a trial or counted after the cut; they wait for another.
    - C(waiting) are those that wait for RV(stage).
  returned: success
  type: dict
  sample: {documents: 3, pages: 90, done: 2, pages_done: 80, failed: 1, pages_failed: 10, pending: 0,
           forwarded: 0, pages_forwarded: 0, open_formulas: 0, waiting: 0, failures: {timeout: 1}}
recognised:
  description: Of the documents that are done, those that stage C(ocr) has gone on with, and their pages.
  returned: success
  type: dict
  sample: {documents: 12, pages: 1640}
outcomes:
  description:
    - What came of all documents, in documents and pages; each is in one.
    - C(poor) ones have failed, as what came out, or was there, is no text; C(failed) are the others that failed.
  returned: success
  type: dict
  sample:
    {good_by_layer: {documents: 228, pages: 27860}, good_by_ocr: {documents: 12, pages: 1640},
     poor: {documents: 2, pages: 80}, failed: {documents: 0, pages: 0}, pending: {documents: 8, pages: 532}}
worst_documents:
  description:
    - Up to 25 documents that are done, with the lowest scores of all, the lowest first, as their markers tell them.
    - They are found by what each shard's supervisors keep of theirs, not by reading every marker. A supervisor that
      vanished without a word has kept none of its last minute.
  returned: success
  type: list
  elements: dict
  sample:
    - {uri: s3://raw/a.pdf, stage: ocr, shard: 1, verdict: good, score: 0.61, pages: {layer: 2, ocr: 10},
       verdicts: {good: 11, poor: 1}, markdown: s3://results/shard-1/markdown/a.pdf.md,
       quality: s3://results/shard-1/quality/a.pdf.json}
durations:
  description: Done documents by the seconds that they took, up to C(seconds) and more than in the class before.
  returned: success
  type: list
  elements: dict
  sample: [{seconds: 1, documents: 3}, {seconds: null, documents: 0}]
failed_documents:
  description:
    - Failed documents, up to 25 of each shard and class, and of those in no shard.
    - Of a cut of pieces up to 25 of each class, of all pieces together.
  returned: success
  type: list
  elements: dict
  sample:
    - {uri: s3://raw/a.pdf, shard: 1, class: timeout, attempts: 2, message: took longer than 900 s, log: s3://results/a.log}
formula_failures:
  description:
    - Documents that are done, but whose formulas stage C(math) could not read, by class, as its markers tell it.
    - Empty with another O(stage).
    - It reads the markers of these documents, and of few others. One that the stage failed on within the second in
      which stage C(text) had done it would not be found.
  returned: success
  type: dict
  sample: {timeout: 1}
  version_added: "1.1.0"
documents_without_formulas:
  description: Of RV(formula_failures), up to 25 documents of each class. C(shard) is that of stage C(text).
  returned: success
  type: list
  elements: dict
  sample:
    - {uri: s3://raw/a.pdf, shard: 1, class: timeout, attempts: 2, message: took longer than 900 s, log: s3://results/a.log}
  version_added: "1.1.0"
balance:
  description: The slowest shard's pages over an even share, and what no cut can be below; null where it is not known.
  returned: success
  type: dict
  sample: {imbalance: 1.0003, imbalance_lower_bound: 1.0}
attention:
  description:
    - A sentence for each node that is silent, each shard that has broken, each slot that works no more and each node
      whose GPUs are too small for their workers, and those of
      RV(failing_alike).
  returned: success
  type: list
  elements: str
failing_alike:
  description:
    - A sentence, by class, for each that more documents have failed with at O(stage) than O(max_failure_share) allows.
  returned: success
  type: dict
  sample: {}
skipped_by_reason:
  description: Rows of the page-count table that are no work, by reason.
  returned: success
  type: dict
rate:
  description: Pages per second in the last minutes, of all supervisors that live.
  returned: success
  type: float
pages_per_second:
  description: The same as RV(rate), by its name of version 1.0.
  returned: success
  type: float
finish:
  description:
    - When the last shard of the stage will be finished, in UTC as ISO 8601 has it.
    - Rests on what documents took by their pages, and on the slots that work now.
    - Null where nothing is pending, where nobody works on a shard that has pending documents, and until a supervisor
      has ended a few.
  returned: success
  type: dict
  contains:
    expected:
      description: Most likely.
      type: str
    earliest:
      description: Hardly before, by the number and the spread of what was measured.
      type: str
    latest:
      description: Hardly after.
      type: str
eta_seconds:
  description: Seconds until C(finish.expected), 0 where nothing is pending; null where nobody can tell.
  returned: success
  type: float
costs:
  description: What the nodes cost so far; null without O(price_per_hour).
  returned: success
  type: dict
  contains:
    node_seconds:
      description:
        - Seconds that are paid for, of all nodes together, from each start of an instance to its stop.
        - Of nodes that do not say what they cost (without the role C(node_lifetime)) the seconds in which supervisors
          worked, of all cuts and stages together; what such a node idles is not in it.
      type: float
    usd:
      description: Their price in USD with that of their disks, and for spot instances as it was billed.
      type: float
    storage_usd:
      description: The disks' part of it, pauses included.
      type: float
    usd_per_1000_pages:
      description: Price of a thousand pages of documents that are done, all stages together; null before the first.
      type: float
waited:
  description: Why waiting ended early; empty when no document is pending or O(wait) is false.
  returned: success
  type: str
report:
  description: The same as a table for people.
  returned: success
  type: str
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import append_log, check_folder, write_output
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import DEFAULT, NAMES
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.info import LOG, farm_info

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "results": {"type": "str", "required": True},
    "summary_name": {"type": "str", "default": SUMMARY_NAME},
    "stage": {"type": "str", "choices": list(Stage), "default": Stage.TEXT.value},
    "verify_outputs": {"type": "bool", "default": False},
    "find_stale": {"type": "bool", "default": False},
    "pipeline": {"type": "str", "choices": list(NAMES), "default": DEFAULT},
    "pipeline_options": {"type": "dict", "default": {}},
    "pipeline_commit": {"type": "str", "default": ""},
    "requester_pays": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 1209600},
    "silent_after": {"type": "int", "default": 120},
    "poll_interval": {"type": "int", "default": 10},
    "log_file": {"type": "path"},
    "output_file": {"type": "path"},
    "max_failure_share": {"type": "float", "default": 0.2},
    "price_per_hour": {"type": "float"},
}


_SKIPPED = {"changed": False, "skipped": True}


def as_file(path: Path, result: Mapping[str, Any]) -> bytes:
    """Return what is written to ``path``: the result where that is JSON, else the report for people."""
    text = json.dumps(result, ensure_ascii=False, indent=1) if path.suffix == ".json" else result["report"]
    return f"{text}\n".encode(errors="surrogateescape")


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        parameters = dict(module.params)
        if module.check_mode:
            parameters |= {"wait": False, "log_file": None, "output_file": None}
        if parameters["output_file"]:
            check_folder(Path(parameters["output_file"]))
        if parameters["log_file"]:
            append_log(LOG, parameters["log_file"], "INFO")
        try:
            result = {"changed": False} | farm_info(connection_from(module), parameters)
        except NotYetError:
            if parameters["stage"] == Stage.TEXT:
                raise
            return _SKIPPED
        if parameters["output_file"]:
            path = Path(parameters["output_file"])
            write_output(path, as_file(path, result))
        return result

    run_module(module, work, if_not_yet=_SKIPPED)


if __name__ == "__main__":
    main()
