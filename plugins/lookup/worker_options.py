# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of ``shard_run`` and ``shard_smoke`` that settings of the farm give."""

from __future__ import annotations

DOCUMENTATION = r"""
name: worker_options
short_description: How shards are worked on, by the farm's settings
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Of each option of M(glossapi.farm.shard_run) that says how a supervisor works, the value of the setting
    C(farm_<option>), where there is such a setting. For the C(module_defaults) of a task.
options:
  _terms:
    description: V(trial) for the options of M(glossapi.farm.shard_smoke) alone.
    type: list
    elements: str
    choices: [trial]
"""

EXAMPLES = r"""
- name: Process a shard as the settings say
  glossapi.farm.shard_run:
    shard: 1
    manifests: s3://farm-manifests/openarchives/shards
    results: s3://farm-results/openarchives
    workdir: /mnt/data
  module_defaults:
    glossapi.farm.shard_run: "{{ lookup('glossapi.farm.worker_options') }}"
"""

RETURN = r"""
_raw:
  description: The options.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import option_names

_PREFIX = "farm_"
_TRIAL = "trial"


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **_options: object
    ) -> list[dict[str, Any]]:
        """Return the options.

        Raises:
            AnsibleLookupError: a term is none.
        """
        if terms not in ([], [_TRIAL]):
            raise AnsibleLookupError(f"worker_options takes nothing or {_TRIAL!r}, not {terms!r}.")
        settings = variables or {}
        names = [name for name in option_names(trial=bool(terms)) if _PREFIX + name in settings]
        return [{name: self._templar.template(settings[_PREFIX + name]) for name in names}]
