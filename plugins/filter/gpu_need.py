# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a pipeline needs GPUs, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.glossapi.farm.plugins.plugin_utils.pipelines import ask

DOCUMENTATION = r"""
name: gpu_need
short_description: Whether a pipeline needs GPUs
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Says of a pipeline of M(glossapi.farm.shard_run) with its options whether each of its slots is a GPU.
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
- name: Show whether glossAPI's text layer alone needs GPUs
  ansible.builtin.debug:
    msg: "{{ 'glossapi' | glossapi.farm.gpu_need({'backend': 'safe'}) }}"
"""

RETURN = r"""
_value:
  description: V(always), V(never), or V(perhaps) for a command, of which nobody knows.
  type: str
"""


def gpu_need(pipeline: str, options: Mapping[str, Any]) -> str:
    """Return whether the pipeline's slots are GPUs.

    Raises:
        AnsibleFilterError: the pipeline or one of its options is unknown or wrong.
    """
    return ask(pipeline, options, lambda kind, plain: kind.gpu_need(plain).value)


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"gpu_need": gpu_need}
