# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a variable is for each value of another one."""

from __future__ import annotations

DOCUMENTATION = r"""
name: value_for_each
short_description: What a variable is for each value of another one
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Gives a variable one value after the other, and returns what another one, whose template uses it, is with each.
options:
  _terms:
    description: The values.
    type: list
    elements: raw
    required: true
  variable:
    description: Name of the variable that has each of them.
    type: str
    required: true
  wanted:
    description: Name of the variable whose values are returned.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what the settings make of two OCR backends' options
  ansible.builtin.debug:
    msg: >-
      {{ query('glossapi.farm.value_for_each',
               {'backend': 'tesseract', 'preset': '', 'options': {}},
               {'backend': 'server', 'preset': 'dots-ocr', 'options': {}},
               variable='settings_ocr_choice', wanted='settings_ocr_options') }}
"""

RETURN = r"""
_raw:
  description: The values of O(wanted), in the order of the terms.
  type: list
  elements: raw
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(
        self, terms: list[Any], variables: Mapping[str, Any] | None = None, *, variable: str, wanted: str
    ) -> list[Any]:
        """Return what the wanted variable is with each term.

        Raises:
            AnsibleLookupError: there is no such variable.
        """
        known = variables or {}
        if wanted not in known:
            raise AnsibleLookupError(f"value_for_each is to return {wanted!r}, and there is no such variable.")
        return [
            self._templar.copy_with_new_env(available_variables={**known, variable: term}).template(known[wanted])
            for term in terms
        ]
