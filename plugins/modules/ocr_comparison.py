#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ocr_comparison
short_description: Have an OCR backend read a few pages of a collection, to compare it with others
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Takes a few pages of the collection, the same ones for the same table of page counts, and puts them with their
    pictures below C(<results>/compare/<label>/). Those of documents that stage C(text) has handed on to stage C(ocr)
    come first, and of these the pages that are to be recognised. Where that was done before, it keeps them.
  - Has one backend read them on one GPU of this host, by as many workers as M(glossapi.farm.shard_run) would give it,
    each with its part of the pages at once. Its start, with a scan whose text is known, is timed apart.
  - Puts what it read on each page, a line of JSON, and how it did below C(<results>/compare/<label>/backends/). Nothing
    is written to the results of documents, and no document is marked.
  - A backend that was done on these pages with these options is left as it is. One that does not start, or does not
    read the scan whose text is known, is no failure of the module; RV(problem) and the comparison say why.
options:
  counts:
    description: Address of the page-count table, an C(s3://) uri or a path.
    type: str
    required: true
  results:
    description: Prefix that takes results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  label:
    description: Names the comparison and its folder. Letters, digits, dots, hyphens and underscores.
    type: str
    required: true
  pages:
    description: How many pages backends are compared on. A label keeps the number that it began with.
    type: int
    default: 24
  name:
    description: Of the backend in this comparison, of the same characters as O(label).
    type: str
    required: true
  backend:
    description: The OCR backend; the options of M(glossapi.farm.shard_run) say what each is.
    type: str
    required: true
  backend_options:
    description: Its options, as O(glossapi.farm.shard_run#module:pipeline_options).
    type: dict
    default: {}
  shard:
    description: The host's shard, on which no supervisor may work meanwhile.
    type: int
    required: true
  node:
    description: Name of this host.
    type: str
    required: true
  workdir:
    description: Absolute path of the real run's folder on this host. The comparison has C(<workdir>/compare).
    type: path
    required: true
  slots:
    description: The GPUs of the host, as in M(glossapi.farm.shard_run). The first one is used.
    type: list
    elements: str
    default: ["0"]
  workers_per_gpu:
    description: How many workers share it; V(0) leaves it to the backend.
    type: int
    default: 0
  timeout_base:
    description: Seconds that a worker's pages may take together.
    type: float
    default: 300
  timeout_per_page:
    description: Seconds that they may take on top for each of them.
    type: float
    default: 30
  price_per_hour:
    description: Of the host in USD, shared by its GPUs; V(0) where it is not known.
    type: float
    default: 0
  requester_pays:
    description: Whether to accept that requests for documents, and their bytes, are on this account's bill.
    type: bool
    default: false
  again:
    description: Whether to have the backend read the pages once more where it was done.
    type: bool
    default: false
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
    details: A backend with a RV(problem) is tried again each time.
requirements:
  - Pillow
notes:
  - Needs Linux and Python 3.11 on the host.
seealso:
  - module: glossapi.farm.ocr_comparison_info
"""

EXAMPLES = r"""
- name: Have tesseract read 24 pages
  glossapi.farm.ocr_comparison:
    counts: s3://farm-manifests/openarchives/page_counts_master.csv
    results: s3://farm-results/openarchives
    label: openarchives
    name: tesseract
    backend: tesseract
    shard: 1
    node: OpenArchive-Shard-1
    workdir: /mnt/data
"""

RETURN = r"""
problem:
  description: Why the backend could not be compared, as a sentence; empty where it was. In check mode as it was before.
  returned: success
  type: str
pages:
  description: Pages of the comparison; 0 in check mode before there are any.
  returned: success
  type: int
seconds:
  description: That the backend took for them, without its start.
  returned: success
  type: float
start_seconds:
  description: That its start took, the scan whose text is known included.
  returned: success
  type: float
revision:
  description: Of engine and models.
  returned: success
  type: str
"""

from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.run import RunOptions, compare
from ansible_collections.glossapi.farm.plugins.module_utils._comparison.sample import Comparison
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import BackendRun
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "counts": {"type": "str", "required": True},
    "results": {"type": "str", "required": True},
    "label": {"type": "str", "required": True},
    "pages": {"type": "int", "default": 24},
    "name": {"type": "str", "required": True},
    "backend": {"type": "str", "required": True},
    "backend_options": {"type": "dict", "default": {}},
    "shard": {"type": "int", "required": True},
    "node": {"type": "str", "required": True},
    "workdir": {"type": "path", "required": True},
    "slots": {"type": "list", "elements": "str", "default": ["0"]},
    "workers_per_gpu": {"type": "int", "default": RunOptions.workers_per_gpu},
    "timeout_base": {"type": "float", "default": RunOptions.timeout_base},
    "timeout_per_page": {"type": "float", "default": RunOptions.timeout_per_page},
    "price_per_hour": {"type": "float", "default": RunOptions.price_per_hour},
    "requester_pays": {"type": "bool", "default": False},
    "again": {"type": "bool", "default": False},
}
_OF_THE_RUN = (
    "name",
    "backend",
    "backend_options",
    "shard",
    "node",
    "workers_per_gpu",
    "timeout_base",
    "timeout_per_page",
    "price_per_hour",
    "requester_pays",
    "again",
)


def options_from(parameters: dict[str, Any]) -> RunOptions:
    """Return what the module's arguments ask for.

    Raises:
        FarmError: one of them makes no sense.
    """
    workdir = Path(parameters["workdir"])
    if not workdir.is_absolute():
        raise FarmError(f"workdir is {workdir}: it must be an absolute path.")
    return RunOptions(
        comparison=Comparison(
            parameters["counts"], S3Uri.parse(parameters["results"]), parameters["label"], parameters["pages"]
        ),
        workdir=workdir,
        slots=tuple(parameters["slots"]),
        **{name: parameters[name] for name in _OF_THE_RUN},
    )


def work(module: AnsibleAWSModule) -> dict[str, Any]:
    """Compare the backend and return the module's answer.

    Raises:
        FarmError: an option is wrong, or there are no pages to compare on.
    """
    compared = compare(options_from(module.params), connection_from(module), check_mode=module.check_mode)
    run = compared.run or BackendRun()
    return {
        "changed": compared.changed,
        "problem": run.problem,
        "pages": compared.pages,
        "seconds": run.seconds,
        "start_seconds": run.start_seconds,
        "revision": run.revision,
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: work(module))


if __name__ == "__main__":
    main()
