#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secret_file
short_description: Write a secret from Secrets Manager to a file
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads a secret on the host it runs on, with that host's own credentials, and writes it to a file of mode 0600.
  - The secret is not returned, and no diff shows it.
options:
  secret:
    description: Name or ARN of the secret.
    type: str
    required: true
  path:
    description: The file; its directory must exist.
    type: path
    required: true
  owner:
    description: The user who owns the file; the one who runs the module where it is left out.
    type: str
  group:
    description: The group that owns the file.
    type: str
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
    details: It would show the secret.
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Write the token
  glossapi.farm.secret_file:
    secret: glossapi-farm/hf-token
    path: /home/glossapi/.secrets/hf_token
    owner: glossapi
  become: true
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
"""

from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import service_client
from ansible_collections.glossapi.farm.plugins.module_utils._aws.secrets import holds, read_secret, write_private
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection

_MODE = "0600"


ARGUMENTS: dict[str, Any] = {
    "secret": {"type": "str", "required": True, "no_log": False},
    "path": {"type": "path", "required": True},
    "owner": {"type": "str"},
    "group": {"type": "str"},
}


def have_secret(connection: Connection, secret: str, path: Path, *, check_mode: bool) -> bool:
    """Have the secret's text in the file, and return whether that was (or in check mode would be) a change.

    Raises:
        FarmError: the secret cannot be read, or the file not written.
    """
    text = read_secret(service_client(connection, "secretsmanager"), secret)
    if holds(path, text):
        return False
    if not check_mode:
        write_private(path, text)
    return True


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)

    def work() -> dict[str, Any]:
        path = Path(module.params["path"])
        changed = have_secret(connection_from(module), module.params["secret"], path, check_mode=module.check_mode)
        if path.exists():
            changed = module.set_mode_if_different(str(path), _MODE, changed)
            changed = module.set_owner_if_different(str(path), module.params["owner"], changed)
            changed = module.set_group_if_different(str(path), module.params["group"], changed)
        return {"changed": changed, "path": str(path)}

    run_module(module, work)


if __name__ == "__main__":
    main()
