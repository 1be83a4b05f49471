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
  - With them it processes a page of Greek and English whose text is known, and fails where less than 90 % of its
    characters came out, where its Greek letters did not, or where the text is none by its own measures. A recogniser
    without Greek writes Latin letters that look alike, which no other check tells from a result.
  - The page is a scan for a pipeline that recognises characters, which are the OCR backends, and has a text layer for
    all others. For V(glossapi_math) it has a formula, of which 70 % of the signs have to come out. An OCR backend and
    V(glossapi_math) are tried on the page alone, as what they will have to read is not known before. With
    V(command) its text has to come out, too, so a command that is to write something else than a document's text fails
    here.
  - Writes below C(<results>/_smoke/<node>/<trial>) only. No document is marked in the real run.
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
similarity:
  description:
    - How much of the known page's text or formula came out, from 0 to 1. V(null) where nothing was processed, as in
      check mode.
  returned: success
  type: float
  sample: 0.9733
untried:
  description: Why nothing was tried; empty where something was.
  returned: success
  type: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module, warn
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import worker_arguments
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.tuned import config_as_tuned
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import FIXED_OPTIONS, try_pipeline

ARGUMENTS: dict[str, dict[str, Any]] = worker_arguments(trial=True)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        connection = connection_from(module)
        config = config_as_tuned(module.params, connection, warn, **FIXED_OPTIONS)
        return try_pipeline(config, connection, check_mode=module.check_mode).to_result()

    run_module(module, work)


if __name__ == "__main__":
    main()
