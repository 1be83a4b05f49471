# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The farm's nodes, or why they cannot be listed."""

from __future__ import annotations

DOCUMENTATION = r"""
name: nodes
short_description: The farm's nodes, or why they cannot be listed
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads a file for P(amazon.aws.aws_ec2#inventory), whose name ends in C(aws_ec2.yml), by that plugin.
  - Where that fails, as without credentials, the reason is one sentence, which the role P(glossapi.farm.settings#role)
    fails every play with, and no page of what other inventory plugins make of the file.
options: {}
notes:
  - Has to be named in C(enable_plugins) of C(ansible.cfg), before C(auto) and C(yaml). Without it everything works as
    well, but for the sentence.
"""

EXAMPLES = r"""
# ansible.cfg:
# [inventory]
# enable_plugins = host_list, glossapi.farm.nodes, auto, yaml
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display

from ansible_collections.glossapi.farm.plugins.module_utils._reach.causes import cause_in_text

_READER = "amazon.aws.aws_ec2"
_ENDINGS = ("aws_ec2.yml", "aws_ec2.yaml")
# What the role settings looks at.
PROBLEM = "inventory_problem"

_display = Display()


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]
    """The plugin, for Ansible."""

    NAME = "glossapi.farm.nodes"

    def verify_file(self, path: str) -> bool:
        """Return whether the file is one for the farm's nodes."""
        return bool(super().verify_file(path)) and path.endswith(_ENDINGS)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the nodes, or the reason why there are none."""
        super().parse(inventory, loader, path, cache)
        reader = inventory_loader.get(_READER)
        try:
            reader.parse(inventory, loader, path, cache=cache)
            reader.update_cache_if_changed()
        except AnsibleError as error:
            cause = cause_in_text(str(error), "list the nodes").text
            problem = f"{cause[:1].upper()}{cause[1:]} ({path})."
            _display.warning(problem)
            inventory.set_variable("all", PROBLEM, problem)
