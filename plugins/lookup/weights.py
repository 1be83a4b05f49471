# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of weights, and what it is."""

from __future__ import annotations

DOCUMENTATION = r"""
name: weights
short_description: The list of the weights that pipelines and OCR backends load
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads a list of weights and checks it.
options:
  _terms:
    description: Path of the list on the controller; empty for the one that the collection brings.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show which weights glossAPI loads
  ansible.builtin.debug:
    msg: "{{ lookup('glossapi.farm.weights', '').digests.glossapi }}"
"""

RETURN = r"""
_raw:
  description: >-
    For each list C(weights), what it has, and C(digests), the digest of what each pipeline or OCR backend loads.
  type: list
  elements: dict
"""

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import WeightsList

OWN_LIST = Path(__file__).parents[2] / "roles/weights/files/weights.json"


def read(path: str) -> dict[str, Any]:
    """Return what is said of the list in a file.

    Raises:
        AnsibleLookupError: it cannot be read, or is none.
    """
    file = Path(path).expanduser() if path else OWN_LIST
    try:
        weights = WeightsList.from_json(file.read_bytes(), str(file))
    except (OSError, FarmError) as error:
        raise AnsibleLookupError(f"The list of weights cannot be read: {error}") from error
    users = {user for repository in weights.repositories for user in repository.used_by}
    return {"weights": weights.to_fields(), "digests": {user: weights.of(user).digest for user in sorted(users)}}


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, terms: list[str], _variables: object = None, **_options: object) -> list[dict[str, Any]]:
        """Return what is said of each list.

        Raises:
            AnsibleLookupError: see :func:`read`.
        """
        return [read(term) for term in terms]
