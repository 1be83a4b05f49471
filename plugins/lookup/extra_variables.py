# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which variables were given on the command line."""

from __future__ import annotations

DOCUMENTATION = r"""
name: extra_variables
short_description: Which variables were given on the command line
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Returns the names of the variables that this run of Ansible was given with C(-e), a file's included, and of no
    others.
"""

EXAMPLES = r"""
- name: Show what was given for this run
  ansible.builtin.debug:
    msg: "{{ query('glossapi.farm.extra_variables') }}"
"""

RETURN = r"""
_raw:
  description: The names, in alphabetical order.
  type: list
  elements: str
"""

from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, _terms: list[str], _variables: object = None, **_options: object) -> list[str]:
        """Return the names."""
        return sorted(load_extra_vars(self._loader))
