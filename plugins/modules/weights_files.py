#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: weights_files
short_description: Bring the weights of models from S3 to a folder
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Brings each file of a list of weights that a folder lacks, or has another content of, from S3.
  - The folder is then as libraries of the model hub look for it, so that they need no network.
options:
  folder:
    description: Absolute path of the folder; it is made where it is missing.
    type: path
    required: true
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
- name: Bring glossAPI's weights to the data disk
  glossapi.farm.weights_files:
    weights: "{{ lookup('glossapi.farm.weights', '').weights }}"
    users: [glossapi]
    prefix: s3://openarchives-manifests/scripts/weights
    folder: /mnt/data/weights
"""

RETURN = r"""
brought:
  description: Paths of what was written, or in check mode would be.
  returned: success
  type: list
  elements: str
"""

from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightsList
from ansible_collections.glossapi.farm.plugins.module_utils._weights.store import (
    bring,
    differing,
    differing_notes,
    write_note,
)

ARGUMENTS: dict[str, Any] = {
    "weights": {"type": "dict", "required": True},
    "users": {"type": "list", "elements": "str", "required": True},
    "prefix": {"type": "str", "required": True},
    "folder": {"type": "path", "required": True},
}


def weights_files(connection: Connection, parameters: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the weights in the folder.

    Raises:
        FarmError: something is not pinned, not in S3 or altered there, or the folder cannot be written.
    """
    weights = WeightsList.pinned(parameters["weights"], parameters["users"])
    folder, prefix = Path(parameters["folder"]), S3Uri.parse(parameters["prefix"])
    try:
        missing, notes = differing(folder, weights), differing_notes(folder, weights)
        client = connection.client()
        for each in [] if check_mode else missing:
            bring(client, prefix, folder, each)
        # Last: what the list says is there.
        for path, body in () if check_mode else notes.items():
            write_note(folder, path, body)
    except OSError as error:
        raise FarmError(f"The weights cannot be kept in {folder}: {error}.") from error
    brought = [str(folder / path) for path in [*(each.path for each in missing), *notes]]
    return {
        "changed": bool(brought),
        "brought": brought,
        "diff": {"before": "", "after": "".join(f"{path}\n" for path in brought)},
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: weights_files(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
