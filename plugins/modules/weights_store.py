#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: weights_store
short_description: Put the weights of models into S3
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Fetches each file of a list of weights that is not in S3 yet, compares it with its digest, and puts it there.
  - A file whose digest nobody has pinned is refused, and so is one that is another than was pinned.
options:
  local_folder:
    description:
      - Folder that may have files at their place, as on a node; they are taken from there.
      - Files of npm are in no other place, and a machine without access to the model hub has all of them there.
    type: path
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - glossapi.farm.attributes
  - glossapi.farm.weights
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Put glossAPI's weights into S3
  glossapi.farm.weights_store:
    weights: "{{ lookup('glossapi.farm.weights', '').weights }}"
    users: [glossapi]
    prefix: s3://openarchives-manifests/scripts/weights
"""

RETURN = r"""
stored:
  description: Addresses of what was put into S3, or in check mode would be.
  returned: success
  type: list
  elements: str
"""

from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.fetching import fetch
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightsList
from ansible_collections.glossapi.farm.plugins.module_utils._weights.store import missing_in_s3, store, stored_uri

ARGUMENTS: dict[str, Any] = {
    "weights": {"type": "dict", "required": True},
    "users": {"type": "list", "elements": "str", "required": True},
    "prefix": {"type": "str", "required": True},
    "local_folder": {"type": "path"},
}


def weights_store(connection: Connection, parameters: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the weights in S3.

    Raises:
        FarmError: something is not pinned, cannot be fetched or is another than was pinned, or S3 cannot be used.
    """
    weights = WeightsList.pinned(parameters["weights"], parameters["users"])
    client, prefix = connection.client(), S3Uri.parse(parameters["prefix"])
    missing = missing_in_s3(client, prefix, weights)
    folder = parameters.get("local_folder")
    for each in [] if check_mode else missing:
        store(client, prefix, each, partial(fetch, local=Path(folder) if folder else None))
    stored = [str(stored_uri(prefix, each)) for each in missing]
    return {
        "changed": bool(stored),
        "stored": stored,
        "diff": {"before": "", "after": "".join(f"{uri}\n" for uri in stored)},
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: weights_store(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
