# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether NVIDIA's driver is new enough, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.module_utils import _errors
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines import driver

DOCUMENTATION = r"""
name: driver_problem
short_description: What a version of NVIDIA's driver is too old for
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Compares a version of NVIDIA's driver with those that pipelines need.
options:
  _input:
    description: The version, or a branch of it.
    type: str
    required: true
  needs:
    description: The least version of each pipeline, by its name; see P(glossapi.farm.minimum_driver#filter).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what a driver is too old for
  ansible.builtin.debug:
    msg: "{{ '470' | glossapi.farm.driver_problem({'glossapi': '525'}) }}"
"""

RETURN = r"""
_value:
  description: A sentence; empty where the driver is new enough.
  type: str
"""


def driver_problem(version: str, needs: Mapping[str, str]) -> str:
    """Return what the driver is too old for.

    Raises:
        AnsibleFilterError: something is no version.
    """
    try:
        return driver.driver_problem(str(version), needs)
    except _errors.FarmError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"driver_problem": driver_problem}
