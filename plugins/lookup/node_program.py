# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The programs by which a node works, and ends itself, without a controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: node_program
short_description: A program by which a node does something without a controller
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Makes programs of this collection's library, each as one file on the controller that is gone when Ansible ends.
options:
  _terms:
    description:
      - Which programs. V(fleet) works as a node of the fleet does, for the role C(node_image).
      - V(lifetime) looks whether a node is to end itself, for the role C(node_lifetime).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Copy the program
  ansible.builtin.copy:
    src: "{{ lookup('glossapi.farm.node_program', 'lifetime') }}"
    dest: /usr/local/lib/glossapi-farm/lifetime.zip
    mode: "0644"
"""

RETURN = r"""
_raw:
  description: The file's path, for each of them.
  type: list
  elements: path
"""

from pathlib import Path

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._files import write_atomically
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.program import lifetime_program

_PROGRAMS = {"fleet": fleet_program, "lifetime": lifetime_program}


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, terms: list[str], _variables: object = None, **_options: object) -> list[str]:
        """Return the files' paths."""
        return [str(_write(name)) for name in terms]


def _write(name: str) -> Path:
    if name not in _PROGRAMS:
        raise AnsibleError(f"There is no program {name!r}: give {' or '.join(_PROGRAMS)}.")
    path = Path(constants.DEFAULT_LOCAL_TMP) / f"glossapi-farm-{name}.zip"
    write_atomically(path, _PROGRAMS[name]())
    return path
