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
version_added: "1.1.0"
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
  of_a_run:
    description: Variables that are given for one run, without the settings' prefix.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Tell of a misspelt setting
  ansible.builtin.debug:
    msg: "{{ ['farm_shrads'] | glossapi.farm.unknown_settings(['farm_shards'], {}, []) }}"
"""

RETURN = r"""
_value:
  description: A sentence for each name that is no setting.
  type: list
  elements: str
  sample: ["farm_shrads is no setting: did you mean farm_shards?"]
"""


_PREFIX = "farm_"
# Names that differ in more than a slip are no help.
_CUTOFF = 0.7


def unknown_settings(
    names: Iterable[str], known: Collection[str], renamed: Mapping[str, str], of_a_run: Collection[str]
) -> list[str]:
    """Return a sentence for each of ``names`` that is not ``known``, in the names' order."""
    return [_sentence(name, known, renamed, of_a_run) for name in sorted(set(names) - set(known))]


def _sentence(name: str, known: Collection[str], renamed: Mapping[str, str], of_a_run: Collection[str]) -> str:
    if name in renamed:
        return f"{name} is called {renamed[name]} now."
    bare = name.removeprefix(_PREFIX)
    if bare in of_a_run:
        return f"{name} is no setting: it is given for one run, as -e {bare}=..."
    # Without what all have in common, which would make any two alike.
    nearest = get_close_matches(bare, [each.removeprefix(_PREFIX) for each in known], n=1, cutoff=_CUTOFF)
    return f"{name} is no setting: did you mean {_PREFIX}{nearest[0]}?" if nearest else f"{name} is no setting."


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"unknown_settings": unknown_settings}
