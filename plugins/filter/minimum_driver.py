# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least version of NVIDIA's driver for a pipeline, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.glossapi.farm.plugins.plugin_utils.pipelines import ask

DOCUMENTATION = r"""
name: minimum_driver
short_description: The least version of NVIDIA's driver for a pipeline
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Says of a pipeline of M(glossapi.farm.shard_run) with its options which driver the CUDA that it brings along needs.
options:
  _input:
    description: Name of the pipeline.
    type: str
    required: true
  options:
    description: The pipeline's options.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which driver glossAPI needs
  ansible.builtin.debug:
    msg: "{{ 'glossapi' | glossapi.farm.minimum_driver({}) }}"
"""

RETURN = r"""
_value:
  description: The version, as V(525); empty where any will do, or none is needed.
  type: str
"""


def minimum_driver(pipeline: str, options: Mapping[str, Any]) -> str:
    """Return the least version of the driver.

    Raises:
        AnsibleFilterError: the pipeline or one of its options is unknown or wrong.
    """
    return ask(pipeline, options, lambda kind, plain: kind.minimum_driver(plain))


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"minimum_driver": minimum_driver}
