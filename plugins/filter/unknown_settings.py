# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that no setting is called like, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

DOCUMENTATION = r"""
name: unknown_settings
short_description: Which names are no settings, and which settings may be meant
version_added: "2.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Compares names of variables with the names of settings, so that a misspelt one is told instead of ignored.
options:
  _input:
    description: Names of variables.
    type: list
    elements: str
    required: true
  known:
    description: Names of settings.
    type: list
    elements: str
    required: true
  renamed:
    description: New names of settings that had others, by the old name.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell of a misspelt setting
  ansible.builtin.debug:
    msg: "{{ ['farm_shrads'] | glossapi.farm.unknown_settings(['farm_shards'], {}) }}"
"""

RETURN = r"""
_value:
  description: A sentence for each name that is no setting.
  type: list
  elements: str
  sample: ["farm_shrads is no setting: did you mean farm_shards?"]
"""


def unknown_settings(names: Iterable[str], known: Collection[str], renamed: Mapping[str, str]) -> list[str]:
    """Return a sentence for each of ``names`` that is not ``known``, in the names' order."""
    return [_sentence(name, known, renamed) for name in sorted(set(names) - set(known))]


def _sentence(name: str, known: Collection[str], renamed: Mapping[str, str]) -> str:
    if name in renamed:
        return f"{name} is called {renamed[name]} now."
    nearest = get_close_matches(name, known, n=1)
    return f"{name} is no setting: did you mean {nearest[0]}?" if nearest else f"{name} is no setting."


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"unknown_settings": unknown_settings}
