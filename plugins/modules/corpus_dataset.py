#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: corpus_dataset
short_description: Make a dataset of the text of a farm's documents
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads the Markdown of every document of the page-count table that is done, in the order of their keys, and writes it
    below O(results) as C(corpus/<label>/train-00000.jsonl.zst) and so on, a line of JSON a document, compressed by
    Zstandard.
  - Each line has C(text), C(doc_id), C(filename) and C(pipeline_metadata), named as in C(Corpus.jsonl_sharded) of
    glossAPI, with what the document's quality is and what it was made by.
  - A document that has the same text as an earlier one stays, and C(pipeline_metadata.duplicate_of) names that.
  - Beside them are C(metadata.parquet), all of that but the texts, C(README.md), a dataset card with the account, and
    C(manifest.json) with the SHA-256 of each file.
  - The files follow from the collection alone. A run that was interrupted is gone on with, and files whose documents
    are what they were are kept without reading them. Files of a run that had more are deleted.
  - Takes two requests for each document, and memory that does not grow with the collection.
options:
  label:
    description: Names the dataset and its folder. Letters, digits, dots, hyphens and underscores.
    type: str
    required: true
  file_bytes:
    description:
      - A file ends with the document with which its lines have so many bytes, before they are compressed.
      - At most 4000000000, as S3 takes 5 GB by one request.
    type: int
    default: 500000000
  licence:
    description: Licence of the texts for the card, by its name on dataset hubs, as V(cc-by-4.0). Empty to tell none.
    type: str
    default: ""
  languages:
    description: Languages of the texts for the card, by their codes of ISO 639-1.
    type: list
    elements: str
    default: []
  glossapi_stages:
    description:
      - Stages of glossAPI's C(Corpus) that are run on the texts, file by file of the dataset. V(annotate) needs
        V(section), V(clean) glossAPI's Rust parts.
      - What they make goes below C(glossapi/) in the dataset's folder, into the manifest and the card. A file whose
        products are there, by the same glossAPI, is left as it is. Without a stage what is there stays, too.
      - A stage that fails is told in RV(glossapi.problems), and is run again by the next run; what the stages before it
        have made of the file is kept.
    type: list
    elements: str
    choices: [clean, section, annotate, jsonl]
    default: []
  glossapi_python:
    description: The Python that glossAPI is installed for, on the host that runs the module.
    type: path
    default: ""
  log_file:
    description:
      - File on the host that runs the module. Gets a line of progress for each file of the dataset.
      - On the controller itself the task shows these lines as they are written.
    type: path
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.farm
attributes:
  check_mode:
    support: full
    details: Reads no texts. Ends at the first file that would be made anew, and then has counts of those before it.
  diff_mode:
    support: none
  idempotent:
    support: full
requirements:
  - pyarrow >= 20
"""

EXAMPLES = r"""
- name: Make the dataset
  glossapi.farm.corpus_dataset:
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    label: openarchives
    licence: cc-by-4.0
    languages: [el, en]
    glossapi_stages: [section, annotate]
    glossapi_python: /opt/glossapi/bin/python
  register: dataset
"""

RETURN = r"""
dataset:
  description: Folder of the dataset.
  returned: success
  type: str
  sample: s3://farm-results/openarchives/corpus/openarchives/
documents:
  description: Documents in it.
  returned: success
  type: int
duplicates:
  description: Of these, the ones whose text an earlier one has.
  returned: success
  type: int
characters:
  description: Characters of all texts.
  returned: success
  type: int
files:
  description: Files with text.
  returned: success
  type: int
written:
  description: Of these, the ones that are others than before.
  returned: success
  type: int
bytes:
  description: Bytes of these files, compressed.
  returned: success
  type: int
account:
  description: Documents of the collection that are work, by their state.
  returned: success
  type: dict
  sample: {input: 250, done: 240, failed: 2, pending: 8}
left_out:
  description: Documents that are done, and whose text could not be read. They are read again by the next run.
  returned: success
  type: int
problems:
  description: Why, for the first 25 of them.
  returned: success
  type: list
  elements: str
glossapi:
  description: What glossAPI has made of it.
  returned: success
  type: dict
  contains:
    revision:
      description: Its version, and its commit where that is known; empty where it had no stage.
      type: str
    documents:
      description: Documents of the files that it was given.
      type: int
    written:
      description: Files of the dataset of which it has made anything anew.
      type: int
    files:
      description: Files that it has made.
      type: int
    problems:
      description: Stages that failed and documents that a stage left out, the first 25.
      type: list
      elements: str
    problem_count:
      description: How many these are.
      type: int
"""

from importlib.util import find_spec
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.card import CardOptions
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.dataset import (
    LOG,
    MOST_NAMED,
    DatasetOptions,
    collect,
)
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import STAGES, GlossapiOptions
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import append_log
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "manifests": {"type": "str", "required": True},
    "results": {"type": "str", "required": True},
    "summary_name": {"type": "str", "default": SUMMARY_NAME},
    "label": {"type": "str", "required": True},
    "file_bytes": {"type": "int", "default": DatasetOptions.file_bytes},
    "licence": {"type": "str", "default": ""},
    "languages": {"type": "list", "elements": "str", "default": []},
    "glossapi_stages": {"type": "list", "elements": "str", "choices": list(STAGES), "default": []},
    "glossapi_python": {"type": "path", "default": ""},
    "log_file": {"type": "path"},
}


def work(module: AnsibleAWSModule) -> dict[str, Any]:
    """Make the dataset and return the module's answer.

    Raises:
        FarmError: it could not be made.
    """
    parameters = module.params
    options = DatasetOptions(
        manifests=S3Uri.parse(parameters["manifests"]),
        summary_name=parameters["summary_name"],
        results=S3Uri.parse(parameters["results"]),
        card=CardOptions(parameters["label"], parameters["licence"], tuple(parameters["languages"])),
        file_bytes=parameters["file_bytes"],
        glossapi=GlossapiOptions(tuple(parameters["glossapi_stages"]), parameters["glossapi_python"]),
    )
    if parameters["log_file"] and not module.check_mode:
        append_log(LOG, parameters["log_file"], "INFO")
    client = connection_from(module).client(pool_size=READERS)
    made = collect(client, options, check_mode=module.check_mode)
    return {
        "changed": made.changed,
        "dataset": str(options.folder),
        "documents": made.totals.documents,
        "duplicates": made.totals.duplicates,
        "characters": made.totals.characters,
        "files": made.files,
        "written": made.written,
        "bytes": made.bytes,
        "account": made.account,
        "left_out": made.left_out,
        "problems": made.problems,
        "glossapi": {
            "revision": made.glossapi.revision,
            "documents": made.glossapi.documents,
            "written": made.glossapi.written,
            "files": len(made.glossapi.listed),
            "problems": made.glossapi.problems[:MOST_NAMED],
            "problem_count": len(made.glossapi.problems),
        },
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    if find_spec("pyarrow") is None:
        module.fail_json(msg=missing_required_lib("pyarrow", reason="to write the dataset"))
    run_module(module, lambda: work(module))


if __name__ == "__main__":
    main()
