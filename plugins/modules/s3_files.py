#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_files
short_description: Have small files in S3
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Writes the given texts and the files of a folder below a prefix where they differ from what is there.
  - Compares the contents themselves, so that it is right for every encryption, and knows check mode before the bucket
    exists, which C(community.aws.s3_sync) does not. Meant for scripts and pages, not for data.
  - Objects that are no longer given are left alone.
options:
  destination:
    description: Prefix, as C(s3://bucket/prefix).
    type: str
    required: true
  contents:
    description: Texts by their name below O(destination). One of these wins over a file of O(folder).
    type: dict
    default: {}
  folder:
    description:
      - Folder on the host that runs the module; empty for none.
      - Its files, those of its subfolders too, keep their path. Hidden ones are left out.
    type: str
    default: ""
  commands:
    description:
      - Whether to write the collection's commands, too, C(open_archive_page_counts.py) and
        C(split_manifest_by_pages.py), each as a program of one file that needs no collection beside it.
      - A file of O(folder) or a text of O(contents) with the same name is written instead.
    type: bool
    default: false
    version_added: "1.1.0"
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
- name: Upload the scripts
  glossapi.farm.s3_files:
    destination: s3://openarchives-manifests/scripts
    folder: /home/me/scripts
    contents:
      bootstrap.sh: "{{ lookup('ansible.builtin.template', 'bootstrap.sh.j2') }}"
"""

RETURN = r"""
written:
  description: Addresses of what was written, or in check mode would be.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.glossapi.farm.plugins.module_utils._commands.programs import command_programs
from ansible_collections.glossapi.farm.plugins.module_utils._module import connection_from, run_module
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.small_files import folder_contents, write_different
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

ARGUMENTS: dict[str, Any] = {
    "destination": {"type": "str", "required": True},
    "contents": {"type": "dict", "default": {}},
    "folder": {"type": "str", "default": ""},
    "commands": {"type": "bool", "default": False},
}


def s3_files(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the files.

    Raises:
        FarmError: the folder or the address is none, or S3 could not be read or written.
    """
    programs = command_programs() if parameters["commands"] else {}
    texts = {name: str(text).encode() for name, text in parameters["contents"].items()}
    differing = write_different(
        connection.client(),
        S3Uri.parse(parameters["destination"]),
        programs | folder_contents(parameters["folder"]) | texts,
        check_mode=check_mode,
    )
    return {
        "changed": bool(differing),
        "written": list(differing),
        "diff": [
            {
                "before_header": uri,
                "after_header": uri,
                "before": as_text(before),
                "after": as_text(after),
            }
            for uri, (before, after) in differing.items()
        ],
    }


def as_text(content: bytes) -> str:
    """Return what a diff shows of a file: its text, or that it is another where it has none."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}\n"


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    run_module(module, lambda: s3_files(connection_from(module), module.params, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
