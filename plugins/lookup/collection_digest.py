# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The digest of what the collection makes a node by."""

from __future__ import annotations

DOCUMENTATION = r"""
name: collection_digest
short_description: The digest of what this collection makes a node by
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Tells whether an image of a node was made by the same version of this collection's roles, locks and library.
"""

EXAMPLES = r"""
- name: Tell what nodes are made by
  ansible.builtin.debug:
    msg: "{{ lookup('glossapi.farm.collection_digest') }}"
"""

RETURN = r"""
_raw:
  description: The digest, in hexadecimal digits.
  type: list
  elements: str
"""

from pathlib import Path

from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.digest import collection_files, files_digest

_ROOT = Path(__file__).parents[2]


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, _terms: list[str], _variables: object = None, **_options: object) -> list[str]:
        """Return the digest."""
        return [files_digest(collection_files(_ROOT))]
