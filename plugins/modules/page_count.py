#!/usr/bin/python
# Copyright (c) 2026 glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: page_count
version_added: "1.0.0"
short_description: Count the pages of the PDFs below an S3 prefix by range reads
description:
  - Lists the PDFs below a prefix, reads from each only the bytes that tell its number of pages, and writes one
    table of them all.
  - Keeps what it read as chunks in S3 while it runs. A run that was interrupted, however it ended, is continued by
    running the module again. A document is read again only when its etag is a new one or its last read failed.
  - A document that is encrypted, corrupt or empty is a row with an error of that class. A document that could not be
    read is a row with the class V(read_error), which says nothing about the PDF.
  - A document in Glacier or Deep Archive is a row with the class V(archived), and not asked for until it is restored.
    One that was replaced or deleted while the module ran is V(changed) or V(gone). The next run reads all of them.
author:
  - glossapi.farm contributors (@eellak)
options:
  bucket:
    description: The bucket that holds the documents.
    type: str
    required: true
  prefix:
    description:
      - What the documents' keys start with.
      - Objects whose names do not end in C(.pdf), in capitals or not, are passed over, and so are the pages that
        M(glossapi.farm.shard_smoke) tries nodes on; see RV(ignored).
    type: str
    default: ""
  s3_output:
    description:
      - The S3 prefix, as in C(s3://bucket/prefix), that takes C(page_counts_master.csv) and C(chunks/).
    type: str
    required: true
  max_workers:
    description: How many documents are read at a time, over all processes.
    type: int
    default: 64
  chunk_size:
    description: How many rows a chunk has. At most so many documents are read again after an interruption.
    type: int
    default: 1000
  requester_pays:
    description:
      - Whether to accept that requests and bytes are on this account's bill. A requester-pays bucket denies access
        without it.
    type: bool
    default: false
    version_added: "1.1.0"
  include_size:
    description: Whether the table has the documents' sizes. Without them its column C(bytes) is empty.
    type: bool
    default: true
  parquet:
    description:
      - Whether the table is to be there as C(page_counts_master.parquet), too, for queries. The same rows and columns;
        C(bytes) and C(pages) are numbers.
      - Takes the package C(pyarrow) on the host that runs the module, which is why it is not done by itself.
        It downloads 48 MB and takes 165 MB. The same table gives the same bytes by the same release of it.
    type: bool
    default: false
    version_added: "1.1.0"
  confirm_fewer:
    description:
      - Whether the table may be replaced by one that has less than half its documents, or none. Without it the module
        fails where that would happen, as by a typo in O(prefix), and leaves the table as it is.
      - Where there is neither a document nor a table the module fails in any case.
    type: bool
    default: false
    version_added: "1.1.0"
  output_file:
    description: A file, on the host that runs the module, that takes a copy of the table.
    type: path
  log_file:
    description: A file to which progress is appended every two seconds.
    type: path
  log_level:
    description: The least important messages that O(log_file) gets.
    type: str
    choices: [DEBUG, INFO, WARNING, ERROR]
    default: INFO
  resume_from:
    description:
      - An earlier table whose rows are believed where their etags still hold, an C(s3://) address or a file on the
        host that runs the module. The table and the chunks at O(s3_output) are always believed.
    type: str
  part:
    description:
      - The part of the documents to count, from 1 to O(parts). Every part has folders of its own, or keys of its own
        where there are few folders.
      - A part keeps its rows as chunks and writes no table. After all parts, run the module once without O(parts)
        wherever you like. It finds what they have read, reads what nobody has, and writes the table, byte for byte
        the one of a run alone.
    type: int
    default: 1
    version_added: "1.1.0"
  parts:
    description: In how many parts the documents are counted, each on a machine of its own.
    type: int
    default: 1
    version_added: "1.1.0"
notes:
  - Rows are sorted in temporary files in E(TMPDIR), or C(/tmp), on the host that runs the module. They take up to four
    times the size of the table, about half a gigabyte for a million documents, and are gone when the module ends,
    however it ends. Where C(/tmp) is in memory, set E(TMPDIR) to a folder on a disk.
  - Up to eight folders below O(prefix) are listed at a time. A level of more than 1000 names is listed as one.
requirements:
  - python >= 3.11
  - obstore >= 0.12
  - pypdf >= 7
  - pypdfium2 >= 4.30
  - pyarrow >= 20, with O(parquet)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
    details: Lists the documents and returns in RV(to_read) how many would be read.
  diff_mode:
    support: full
    details: Shows the numbers of documents, pages and errors, not every row.
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Count the pages of all documents
  glossapi.farm.page_count:
    bucket: openarchives-pdfs
    prefix: theses/
    s3_output: s3://openarchives-work/counts
    log_file: /var/log/page_count.log

- name: Count with the rows of an earlier table
  glossapi.farm.page_count:
    bucket: openarchives-pdfs
    s3_output: s3://openarchives-work/counts
    resume_from: /srv/page_counts_2025.csv
"""

RETURN = r"""
documents:
  description: Rows of the table, or of its part.
  returned: success
  type: int
  sample: 512000
pages:
  description: Sum of the page counts.
  returned: success
  type: int
  sample: 48112907
errors:
  description: Documents without a page count.
  returned: success
  type: int
  sample: 212
to_read:
  description: Documents that were not known from earlier runs.
  returned: success
  type: int
  sample: 0
ignored:
  description: Objects below the prefix that are no PDFs by their names.
  returned: success
  type: int
  sample: 3
archived:
  description: Documents that must be restored from an archive before they can be read.
  returned: success
  type: int
  sample: 0
requests:
  description: Range reads made, the repeated ones included.
  returned: success
  type: int
  sample: 1126400
bytes_read:
  description: Bytes of documents that were read.
  returned: success
  type: int
  sample: 36044800000
seconds:
  description: How long it took.
  returned: success
  type: float
  sample: 702.4
master:
  description: Where the table is.
  returned: success
  type: str
  sample: s3://openarchives-work/counts/page_counts_master.csv
"""

import traceback
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import (
    LOGGER,
    CountOptions,
    CountResult,
    CountRun,
)
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import (
    LOG_LEVELS,
    append_log,
    check_folder,
    copy_output,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.listing import Share
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

try:
    import obstore  # noqa: F401
    import pypdf  # noqa: F401
    import pypdfium2  # noqa: F401
except ImportError as error:
    MISSING: tuple[str, str] | None = (error.name or "obstore", traceback.format_exc())
else:
    MISSING = None


ARGUMENTS: dict[str, dict[str, Any]] = {
    "bucket": {"type": "str", "required": True},
    "prefix": {"type": "str", "default": ""},
    "s3_output": {"type": "str", "required": True},
    "max_workers": {"type": "int", "default": CountOptions.max_workers},
    "chunk_size": {"type": "int", "default": CountOptions.chunk_size},
    "include_size": {"type": "bool", "default": True},
    "requester_pays": {"type": "bool", "default": False},
    "parquet": {"type": "bool", "default": False},
    "confirm_fewer": {"type": "bool", "default": False},
    "output_file": {"type": "path"},
    "log_file": {"type": "path"},
    "log_level": {"type": "str", "choices": list(LOG_LEVELS), "default": "INFO"},
    "resume_from": {"type": "str"},
    "part": {"type": "int", "default": 1},
    "parts": {"type": "int", "default": 1},
}


def options_from(parameters: dict[str, Any]) -> CountOptions:
    """Return the run's options.

    Raises:
        FarmError: an option has no sense; the message names it.
    """
    return CountOptions(
        source=S3Uri(parameters["bucket"], parameters["prefix"]),
        output=S3Uri.parse(parameters["s3_output"]),
        max_workers=parameters["max_workers"],
        chunk_size=parameters["chunk_size"],
        include_size=parameters["include_size"],
        resume_from=parameters["resume_from"],
        parquet=parameters["parquet"],
        confirm_fewer=parameters["confirm_fewer"],
        share=Share(parameters["part"], parameters["parts"]),
    )


def result_of(result: CountResult, options: CountOptions, *, diff: bool) -> dict[str, Any]:
    """Return what the module answers."""
    answer: dict[str, Any] = {
        **asdict(result.after),
        "changed": result.changed,
        "to_read": result.to_read,
        "ignored": result.progress.ignored,
        "archived": result.progress.archived,
        "requests": result.progress.requests,
        "bytes_read": result.progress.bytes_read,
        "seconds": round(result.progress.seconds, 3),
        "master": str(table_uri(options.output)),
    }
    if diff:
        answer["diff"] = {"before": asdict(result.before) if result.before else {}, "after": asdict(result.after)}
    return answer


def work(module: AnsibleAWSModule) -> dict[str, Any]:
    """Count, or list what would be counted in check mode, and return the module's answer.

    Raises:
        FarmError: the run could not be finished.
    """
    parameters = module.params
    options = options_from(parameters)
    if parameters["output_file"]:
        check_folder(Path(parameters["output_file"]))
    if parameters["log_file"]:
        append_log(LOGGER, parameters["log_file"], parameters["log_level"])
    run = CountRun(replace(connection_from(module), requester_pays=parameters["requester_pays"]), options)
    if module.check_mode:
        return result_of(run.dry_run(), options, diff=module._diff)
    result = run.count()
    answer = result_of(result, options, diff=module._diff)
    if parameters["output_file"]:
        with result.table.open() as table:
            answer["changed"] |= copy_output(Path(parameters["output_file"]), table)
    return answer


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    if MISSING is not None:
        library, trace = MISSING
        module.fail_json(msg=missing_required_lib(library), exception=trace)
    if module.params["parquet"] and find_spec("pyarrow") is None:
        module.fail_json(msg=missing_required_lib("pyarrow", reason="for the option parquet"))
    run_module(module, lambda: work(module))


if __name__ == "__main__":
    main()
