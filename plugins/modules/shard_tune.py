#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: shard_tune
short_description: Find how many workers are to share a GPU
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Processes a sample of the collection's documents with one number of workers a GPU, as M(glossapi.farm.shard_run)
    would, and measures pages a second, memory and use of the GPUs. For the pipeline V(server), whose workers share a
    server, it varies the pages in flight instead. Called once for each of O(numbers), it names the best.
  - The best is the smallest number that is at most 5 % slower than the fastest. One with which a GPU ran out of memory,
    documents ran out of time, or the trial did not end in O(minutes), is told with its reason, and not chosen; the
    module does not fail for it.
  - Pages a second are those of the whole node from the first document's begin until a worker has no more to begin, so
    that neither models that load nor a long document at the end are in them.
  - What was found is kept as C(<results>/status/_tuning/<stage>/<machine>.json) for all nodes of the same instance
    type, or with the same GPUs outside of EC2, and for the pipeline's options, where C(workers_per_gpu) of
    M(glossapi.farm.shard_run) is V(auto). A number that it has for the same documents is not tried again, so that a
    search that was interrupted goes on.
  - Documents are only read. Everything else it writes is below C(<results>/_smoke/<node>/); no document is marked in
    the real run.
  - A pipeline of stage V(ocr) recognises all pages of the documents, also where they have a good text layer. One of
    stage V(math), and one whose workers run on CPUs, has nothing to vary.
options:
  results:
    description: Prefix that takes the real run's results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  workdir:
    description: Absolute path of the real run's folder on this host. Trials have C(<workdir>/smoke).
    type: path
    required: true
  node:
    description: Name of this host.
    type: str
    required: true
  counts:
    description: Address of the page-count table that documents are drawn from, always the same of the same table.
    type: str
    required: true
  number:
    description: The number to try now.
    type: int
    required: true
  numbers:
    description: All numbers that are to be compared.
    type: list
    elements: int
    required: true
  documents:
    description: Documents to draw for each of O(slots), of all lengths up to O(most_pages).
    type: int
    default: 12
  most_pages:
    description: Pages of the longest document that may be drawn.
    type: int
    default: 60
  minutes:
    description: How long a trial may take, the start of its workers included.
    type: float
    default: 60
  again:
    description: Whether to try the number although it was.
    type: bool
    default: false
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
    details: Says what is known already. Without the page-count table it reports a change and a warning.
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - O(workers_per_gpu) is what the trials vary, but for the pipeline V(server), of which it says how many workers share
    the server.
  - Needs Linux and Python 3.11 on the host.
"""

EXAMPLES = r"""
- name: Try one to four workers a GPU
  glossapi.farm.shard_tune:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    counts: s3://farm-manifests/openarchives/page_counts_master.csv
    results: s3://farm-results/openarchives
    workdir: /mnt/data/farm
    node: OpenArchive-Shard-1
    pipeline: glossapi
    slots: ["0", "1", "2", "3"]
    numbers: [1, 2, 3, 4]
    number: "{{ item }}"
  loop: [1, 2, 3, 4]
"""

RETURN = r"""
told:
  description: What follows from the trials, or that the pipeline has nothing to vary, as a sentence.
  returned: success
  type: str
  sample: "Best is 3, which farm_workers_per_gpu: auto takes."
varied:
  description: The option that is varied, C(workers_per_gpu) or C(pages_in_flight); empty where there is none.
  returned: success
  type: str
best:
  description: The number to take; 0 while some were not tried, and where none is a choice.
  returned: success
  type: int
machine:
  description: The kind of machine that it holds for.
  returned: success
  type: str
  sample: g5.12xlarge
table:
  description: The numbers that were tried, as lines of a table.
  returned: success
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import config_from, worker_arguments
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.run import FIXED_OPTIONS
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.tune import Found, Request, tune

ARGUMENTS: dict[str, dict[str, Any]] = worker_arguments(trial=True) | {
    "counts": {"type": "str", "required": True},
    "number": {"type": "int", "required": True},
    "numbers": {"type": "list", "elements": "int", "required": True},
    "documents": {"type": "int", "default": 12},
    "most_pages": {"type": "int", "default": 60},
    "minutes": {"type": "float", "default": 60},
    "again": {"type": "bool", "default": False},
}

# In check mode, before the page-count table is there.
NOT_YET = Found(changed=True, told="Nothing is known before pages were counted.").to_result()


def request_of(parameters: dict[str, Any]) -> Request:
    """Return what the module's arguments ask for."""
    names = ("counts", "number", "documents", "most_pages", "minutes", "again")
    return Request(numbers=tuple(parameters["numbers"]), **{name: parameters[name] for name in names})


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        connection = connection_from(module)
        config = config_from(module.params, connection, **FIXED_OPTIONS)
        return tune(config, connection, request_of(module.params), check_mode=module.check_mode).to_result()

    run_module(module, work, NOT_YET)


if __name__ == "__main__":
    main()
