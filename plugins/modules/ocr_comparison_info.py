#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ocr_comparison_info
short_description: What is known of a comparison of OCR backends
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads what M(glossapi.farm.ocr_comparison) has left in S3 of all backends of a comparison.
  - How right a backend is it does not say, as nobody knows what stands on the pages. How much two backends agree it
    does.
options:
  results:
    description: Prefix of results and markers, as C(s3://bucket/prefix).
    type: str
    required: true
  label:
    description: Name of the comparison.
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
    details: Without a comparison it is skipped with a warning.
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.ocr_comparison
"""

EXAMPLES = r"""
- name: Read the comparison
  glossapi.farm.ocr_comparison_info:
    results: s3://farm-results/openarchives
    label: openarchives
  register: comparison
"""

RETURN = r"""
folder:
  description: Folder of the comparison.
  returned: success
  type: str
  sample: s3://farm-results/openarchives/compare/openarchives/
report:
  description: How each backend did, as lines for people.
  returned: success
  type: list
  elements: str
wanted:
  description: Pages that were asked for; there are fewer where the collection has fewer.
  returned: success
  type: int
problems:
  description: What of the comparison could not be read, or was compared on other pages, a sentence each.
  returned: success
  type: list
  elements: str
left_out:
  description: Why documents that were to have pages in it have none, a sentence each.
  returned: success
  type: list
  elements: str
backends:
  description: How each backend did, by their names.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name in the comparison. Beside it is what the comparison has recorded of it.
      type: str
    problem:
      description: Why it could not be compared; empty where it was.
      type: str
    figures:
      description:
        - C(pages), C(outcomes), C(pages_per_second) of one GPU, C(usd_per_1000_pages), C(poor_share). Null where it
          could not be compared.
        - The share is of the pages on which any backend has read anything. A page is poor where what was read is no
          text, nothing was read and another backend has read text there, or it was given up.
      type: dict
    words:
      description: The same as people read it; empty where it could not be compared.
      type: dict
agreements:
  description: >-
    Of each two backends, twice the characters that both have in the same order over those of both, as the mean of all
    pages.
  returned: success
  type: list
  elements: dict
  sample: [{backends: [paddle, tesseract], share: 0.97}]
pages:
  description: >-
    Each page with its document, its C(picture) as JPEG in base64, empty where it is missing, C(agreements), and
    C(readings) by backend.
  returned: success
  type: list
  elements: dict
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.info import read_comparison
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import comparison_folder, require_label
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, dict[str, Any]] = {
    "results": {"type": "str", "required": True},
    "label": {"type": "str", "required": True},
}


def work(module: AnsibleAWSModule) -> dict[str, Any]:
    """Read the comparison and return the module's answer.

    Raises:
        FarmError: there is none, or it cannot be read.
    """
    label = module.params["label"]
    require_label(label, "The label")
    folder = comparison_folder(S3Uri.parse(module.params["results"]), label)
    return {"changed": False, **read_comparison(connection_from(module).client(), folder)}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    # Nothing would be there to show: a comparison of check mode has read no page.
    run_module(module, lambda: work(module), if_not_yet={"changed": False, "skipped": True})


if __name__ == "__main__":
    main()
