# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The program by which a node of the fleet works without a controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_program
short_description: The program by which a node works without a controller
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Makes the program of the role C(node_image) of this collection's library, as one file on the controller that is
    gone when Ansible ends.
"""

EXAMPLES = r"""
- name: Copy the program
  ansible.builtin.copy:
    src: "{{ lookup('glossapi.farm.fleet_program') }}"
    dest: /usr/local/lib/glossapi-farm/fleet.zip
    mode: "0644"
"""

RETURN = r"""
_raw:
  description: The file's path.
  type: list
  elements: path
"""

from pathlib import Path

from ansible import constants
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._files import write_atomically
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, _terms: list[str], _variables: object = None, **_options: object) -> list[str]:
        """Return the file's path."""
        path = Path(constants.DEFAULT_LOCAL_TMP) / "glossapi-farm-fleet.zip"
        write_atomically(path, fleet_program())
        return [str(path)]
