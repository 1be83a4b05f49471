#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_manifest
short_description: Cut a page-count table into shards of equal work
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the table that M(glossapi.farm.page_count) writes and assigns each document to one shard,
    so that all shards are finished at about the same time.
  - Documents are handed out longest first, each to the shard that would finish it first.
  - Writes C(shard_<n>.txt) (one uri a line, longest document first) and C(shard_<n>.csv)
    (C(uri,pages,bytes)) for each shard, and then a summary as JSON, below O(output_prefix).
    The same table and options always give the same bytes, and only objects whose bytes differ are written.
  - A table without a document to process is refused, and the shards there are stay. With O(exclude_finished), or for a
    later stage, there may be nothing left.
options:
  counts:
    description:
      - The page-count table, as C(s3://bucket/key) or as a path on the host that runs the module.
      - Its rows may be in any order. Equal rows count once and are reported as C(duplicate);
        different rows for one uri are an error, and so are two documents with the same key in different buckets,
        as results are named by the key.
    type: str
    required: true
  shards:
    description: How many shards to cut, numbered from 1. This or O(piece_pages) is required.
    type: int
  piece_pages:
    description:
      - Cut as many shards as it takes, each of at most so many pages, for nodes that take one after the other from a
        queue (M(glossapi.farm.piece_queue)).
      - They are filled one after the other, longest documents first. A longer document is alone in its shard, and one
        whose pages are not known counts as one page. Documents that O(keep_failed) keeps are in the last shards.
    type: int
    version_added: "1.1.0"
  skip_errors:
    description:
      - Whether to leave out documents whose pages could not be counted. They are reported by the class of their error.
      - If V(false) they are assigned too, as 0 pages, by number of documents, and come last in their shard.
      - A row that has both a page count and an error (a C(repaired) count) is always used.
    type: bool
    default: true
  min_pages:
    description: Leave out documents that are known to have fewer pages, reported as C(too_short).
    type: int
    default: 1
  stage:
    description:
      - For which stage to cut.
      - V(text) has all documents of the table. V(ocr) has those that stage V(text) has handed on, whatever became of
        them since, each with the number of pages that are to be recognised in place of all its pages.
      - V(math) has those in which stage V(text) has found formulas, each with their number in place of its pages;
        with O(exclude_finished) those that are done and whose formulas are to be read, and with O(keep_failed) those
        whose formulas could not be read.
    type: str
    choices: [text, ocr, math]
    default: text
    version_added: "1.1.0"
  results:
    description:
      - Prefix of the results of M(glossapi.farm.shard_run), as C(s3://bucket/prefix), where stage V(text) has left what
        it has handed on. Required for the other stages.
    type: str
    version_added: "1.1.0"
  output_prefix:
    description:
      - Where to write the shards and the summary, as C(s3://bucket/prefix).
      - Shards that are there from an earlier cut with more shards are overwritten as empty, and listed as
        C(emptied) in the summary. Nothing is deleted.
    type: str
    required: true
  summary_name:
    description: Name of the summary below O(output_prefix).
    type: str
    default: shard_summary.json
  weights:
    description:
      - Relative speed of each shard, in their order. A shard of weight 2 gets twice the pages of one of weight 1,
        and one of weight 0 gets nothing. All are equally fast if this is not set or empty.
    type: list
    elements: float
  exclude_finished:
    description:
      - A status prefix, as C(s3://results/status/). Documents that are done or failed there are left out,
        reported as C(finished), so that what is left can be cut again over other shards.
      - Only the markers' names are read. A document that changed since it was finished is left out as well.
    type: str
  keep_failed:
    description:
      - With O(exclude_finished), whether documents that failed stay in the shards, so that
        O(glossapi.farm.shard_run#module:retry) finds them whatever was cut since.
      - They are dealt apart from the others, so that the shards' work is even whether or not they are tried again.
    type: bool
    default: false
    version_added: "1.1.0"
  limit_per_shard:
    description:
      - Keep at most this many documents of each shard, spread evenly over its sizes, for a trial run.
        The others are reported as C(over_limit).
      - What is kept is in the same shard without the limit, so the full run does not repeat it.
    type: int
notes:
  - A table without a document to process is no error. It gives empty shards, and a warning.
  - A uri that contains a line break or is not UTF-8 cannot be listed and is left out,
    reported as C(line_break) or C(not_utf8).
extends_documentation_fragment:
  - glossapi.farm.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    support: full
    details: Without a table it reports a change and a warning alone, as in a real run the count comes before.
  diff_mode:
    support: full
    details: Shows the summary before and after, and the names of the objects to write.
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.page_count
  - module: glossapi.farm.shard_run
"""

EXAMPLES = r"""
- name: Cut four balanced shards
  glossapi.farm.shard_manifest:
    counts: s3://farm-results/counts/page_counts_master.csv
    shards: 4
    output_prefix: s3://farm-results/manifests

- name: Cut what is not finished again, without node 3 and with a slower node 4
  glossapi.farm.shard_manifest:
    counts: s3://farm-results/counts/page_counts_master.csv
    shards: 4
    weights: [1, 1, 0, 0.5]
    exclude_finished: s3://farm-results/status/
    keep_failed: true
    output_prefix: s3://farm-results/manifests

- name: Cut pieces for a queue
  glossapi.farm.shard_manifest:
    counts: s3://farm-results/counts/page_counts_master.csv
    piece_pages: 7200
    output_prefix: s3://farm-results/manifests

- name: Cut a tiny slice to try the nodes with
  glossapi.farm.shard_manifest:
    counts: page_counts_master.csv
    shards: 4
    limit_per_shard: 5
    output_prefix: s3://farm-results/manifests-trial
"""

RETURN = r"""
documents:
  description: Documents in all shards.
  returned: success
  type: int
  sample: 398112
pages:
  description: Pages in all shards.
  returned: success
  type: int
  sample: 24100342
shards:
  description: Each shard in numbers.
  returned: success
  type: list
  elements: dict
  contains:
    shard:
      description: Its number, from 1.
      type: int
    weight:
      description: Its relative speed.
      type: float
    documents:
      description: Its documents.
      type: int
    pages:
      description: Their pages.
      type: int
    bytes:
      description: Their size.
      type: int
    share:
      description: Its part of all pages, from 0 to 1.
      type: float
failed_documents:
  description: Documents in the shards that had failed before, with O(keep_failed).
  returned: success
  type: int
  sample: 12
failed_pages:
  description: Their pages.
  returned: success
  type: int
  sample: 1031
skipped_by_reason:
  description: Rows of the table that are in no shard, by reason. The summary has them as C(skipped).
  returned: success
  type: dict
  sample: {"encrypted": 12, "too_short": 3}
imbalance:
  description: The slowest shard's time over the ideal one. 1 is perfect. None with O(piece_pages).
  returned: success
  type: float
  sample: 1.000001
imbalance_lower_bound:
  description: What no other assignment of the same documents can be below. None with O(piece_pages).
  returned: success
  type: float
  sample: 1.0
files:
  description: Objects that were written, or would be in check mode, in this order.
  returned: success
  type: list
  elements: str
  sample: ["s3://farm-results/manifests/shard_1.txt"]
summary:
  description: Where the summary is.
  returned: success
  type: str
  sample: s3://farm-results/manifests/shard_summary.json
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.job import CutJob, cut_shards
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions, shard_weights
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.publication import Publication
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import Summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "counts": {"type": "str", "required": True},
    "shards": {"type": "int"},
    "piece_pages": {"type": "int"},
    "skip_errors": {"type": "bool", "default": True},
    "min_pages": {"type": "int", "default": 1},
    "stage": {"type": "str", "choices": list(Stage), "default": Stage.TEXT.value},
    "results": {"type": "str"},
    "output_prefix": {"type": "str", "required": True},
    "summary_name": {"type": "str", "default": SUMMARY_NAME},
    "weights": {"type": "list", "elements": "float"},
    "exclude_finished": {"type": "str"},
    "keep_failed": {"type": "bool", "default": False},
    "limit_per_shard": {"type": "int"},
}


def cut_options(parameters: dict[str, Any]) -> CutOptions:
    """Return what the module's options say of the cut.

    Raises:
        FarmError: an option is out of its range.
    """
    pieces = parameters["piece_pages"] is not None
    weights = () if pieces else shard_weights(parameters["shards"], parameters["weights"])
    return CutOptions(
        weights=weights,
        skip_errors=parameters["skip_errors"],
        min_pages=parameters["min_pages"],
        limit_per_shard=parameters["limit_per_shard"],
        keep_failed=parameters["keep_failed"],
        piece_pages=parameters["piece_pages"],
    )


def shard_manifest(parameters: dict[str, Any], connection: Connection, *, write: bool) -> tuple[Summary, Publication]:
    """Cut the shards and bring S3 in line with them.

    Args:
        parameters: the module's options.
        connection: how to reach S3.
        write: whether to write; ``False`` only finds out what would change.

    Raises:
        FarmError: the options, the table, or S3 are not as they must be.
    """
    options, finished = cut_options(parameters), parameters["exclude_finished"]
    job = CutJob(
        counts=parameters["counts"],
        output_prefix=S3Uri.parse(parameters["output_prefix"]),
        options=options,
        summary_name=parameters["summary_name"],
        exclude_finished=S3Uri.parse(finished) if finished else None,
        stage=Stage(parameters["stage"]),
        handed_on=None if parameters["stage"] == Stage.TEXT else S3Uri.parse(parameters["results"]),
    )
    return cut_shards(connection, job, write=write)


def result(cut: Summary, publication: Publication) -> dict[str, Any]:
    """Return the module's values."""
    summary = cut.to_dict()
    totals = summary["totals"]
    return {
        "changed": bool(publication.files),
        "documents": totals["documents"],
        "pages": totals["pages"],
        "failed_documents": summary["failed_documents"],
        "failed_pages": summary["failed_pages"],
        "shards": summary["shards"],
        # Not "skipped": Ansible takes a task with such a value for one that was skipped.
        "skipped_by_reason": summary["skipped"],
        "imbalance": summary["imbalance"],
        "imbalance_lower_bound": summary["imbalance_lower_bound"],
        "files": list(publication.files),
        "summary": publication.summary_uri,
        "diff": {
            "before": publication.summary_before,
            "after": publication.summary_after,
            "before_header": publication.summary_uri,
            "after_header": publication.summary_uri,
            "prepared": "".join(f"write {uri}\n" for uri in publication.files),
        },
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        required_one_of=[("shards", "piece_pages")],
        mutually_exclusive=[("shards", "piece_pages"), ("weights", "piece_pages"), ("limit_per_shard", "piece_pages")],
        required_if=[("stage", stage.value, ["results"]) for stage in (Stage.OCR, Stage.MATH)],
    )

    def work() -> dict[str, Any]:
        summary, publication = shard_manifest(module.params, connection_from(module), write=not module.check_mode)
        for note in summary.notes:
            warn(note)
        return result(summary, publication)

    run_module(module, work)


if __name__ == "__main__":
    main()
