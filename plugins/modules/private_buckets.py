#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: private_buckets
short_description: Have S3 buckets that are private and encrypted
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Creates buckets that are missing, blocks public access to them, and has them encrypt what they hold.
  - Looks after all buckets at once and knows check mode, which M(amazon.aws.s3_bucket) does not.
  - An encryption that is set already, as one with a key of yours, is left as it is. Nothing is ever deleted.
  - What is created has the tag C(Project). A bucket that exists without it is only looked at, and told in RV(notes).
options:
  project:
    description: Value of the tag C(Project) of the buckets that are looked after.
    type: str
    required: true
    version_added: "1.1.0"
  buckets:
    description: Names of the buckets.
    type: list
    elements: str
    required: true
  block_public_access:
    description: Whether public access is blocked; false only for S3 servers other than AWS's that cannot do so.
    type: bool
    default: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Create the farm's buckets
  glossapi.farm.private_buckets:
    project: glossapi-farm
    buckets: [openarchives-manifests, openarchives-results]
"""

RETURN = r"""
steps:
  description: What was done, or in check mode would be.
  returned: success
  type: list
  elements: str
notes:
  description: Buckets that are used as they are, and what they lack.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._aws.ownership import PROJECT_TAG
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.buckets import Care, make_all_private
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import DEFAULT_REGION, Connection

ARGUMENTS: dict[str, Any] = {
    "project": {"type": "str", "required": True},
    "buckets": {"type": "list", "elements": "str", "required": True},
    "block_public_access": {"type": "bool", "default": True},
}


def private_buckets(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the buckets.

    Raises:
        FarmError: a bucket is somebody else's, or S3 refuses something.
    """
    care = Care(
        owner=(PROJECT_TAG, parameters["project"]),
        region=connection.region or DEFAULT_REGION,
        block_public_access=parameters["block_public_access"],
    )
    outcome = make_all_private(connection.client(), parameters["buckets"], care, check_mode=check_mode)
    return {
        "changed": bool(outcome.steps),
        "steps": outcome.steps,
        "notes": outcome.notes,
        "diff": {"before": "", "after": "".join(f"{step}\n" for step in outcome.steps)},
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: private_buckets(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
