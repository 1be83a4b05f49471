# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables for one run that no playbook takes, as a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any

DOCUMENTATION = r"""
name: misspelt_variables
short_description: Which variables for one run no playbook takes, though they look like one
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Compares the names of variables that were given on the command line with those that playbooks take for one run, so
    that a misspelt one is told instead of ignored.
  - A name is told that differs from one of them in a slip, or that has its first word and an underscore, as C(retry_)
    of C(retry_label). Others may be anybody's.
options:
  _input:
    description: Names of variables.
    type: list
    elements: str
    required: true
  of_a_run:
    description: Names of the variables that playbooks take.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Tell of a misspelt variable
  ansible.builtin.debug:
    msg: "{{ ['retry_lable'] | glossapi.farm.misspelt_variables(['retry', 'retry_label']) }}"
"""

RETURN = r"""
_value:
  description: A sentence for each name that is none of them.
  type: list
  elements: str
  sample:
    - "retry_lable is no variable of these playbooks: did you mean retry_label? One of your own needs another name."
"""

# Of a slip, as two letters that have changed places: names that differ in more are somebody's own.
_CUTOFF = 0.8


def misspelt_variables(names: Iterable[str], of_a_run: Sequence[str]) -> list[str]:
    """Return a sentence for each of ``names`` that looks like one of ``of_a_run`` and is none, in order."""
    unknown = sorted(set(names) - set(of_a_run))
    return [
        f"{name} is no variable of these playbooks: did you mean {' or '.join(meant)}? One of your own needs another "
        "name."
        for name in unknown
        if (meant := _meant(name, of_a_run))
    ]


def _meant(name: str, of_a_run: Sequence[str]) -> list[str]:
    """Return what may be meant by a name that is unknown: the nearest, or all that begin alike."""
    nearest = get_close_matches(name, of_a_run, n=1, cutoff=_CUTOFF)
    first, underscore, _rest = name.partition("_")
    return nearest or [each for each in of_a_run if underscore and each.partition("_")[0] == first]


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"misspelt_variables": misspelt_variables}
