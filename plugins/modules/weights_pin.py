#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: weights_pin
short_description: Pin a list of weights by what the model hub has today
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Asks the model hub for the commit of each revision of a list, and for the digest of each file that has none; of a
    repository without files it takes all that there are. The list is written again.
  - What is pinned stays as it is, whatever the hub has later, and another content is then refused by its name. The
    first time the hub is taken at its word.
options:
  path:
    description: The list, on the machine that the module runs on, which reaches the hub.
    type: path
    required: true
  users:
    description: Names of the pipelines, OCR backends and presets whose weights are meant. Others stay as they are.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
    details: The hub is asked, and nothing is written.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: glossapi.farm.weights_store
"""

EXAMPLES = r"""
- name: Pin the model that the inference servers are to serve
  glossapi.farm.weights_pin:
    path: weights.json
    users: [deepseek-ocr-2]
  delegate_to: localhost
"""

RETURN = r"""
pinned:
  description: Repositories that were pinned, or in check mode would be, each with its commit and its files.
  returned: success
  type: list
  elements: str
  sample: ["deepseek-ai/DeepSeek-OCR-2@aaa02f3811945a91062062994c5c4a3f4c0af2b0: config.json, model.safetensors"]
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.glossapi.farm.plugins.module_utils._module import run_module
from ansible_collections.glossapi.farm.plugins.module_utils._weights.pin import pin_list, read


def weights_pin(path: Path, users: list[str], *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the list pinned.

    Raises:
        FarmError: the list cannot be read or written, or the hub cannot be asked, or lacks something.
    """
    weights = read(path)
    changed = pin_list(path, weights, weights.of(*users), keep=not check_mode)
    pinned = [f"{each.repo}@{each.revision}: {', '.join(file.file for file in each.files)}" for each in changed]
    return {
        "changed": bool(pinned),
        "pinned": pinned,
        "diff": {"before": "", "after": "".join(f"{line}\n" for line in pinned)},
    }


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "users": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    parameters = module.params
    run_module(module, lambda: weights_pin(Path(parameters["path"]), parameters["users"], check_mode=module.check_mode))


if __name__ == "__main__":
    main()
