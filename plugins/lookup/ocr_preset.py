# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What OCR backend ``server`` needs to know of a model."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ocr_preset
short_description: What OCR backend server needs to know of a model
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Reads a preset and checks it.
options:
  _terms:
    description: Name of a preset that the collection brings, or the path of a file on the controller.
    type: list
    elements: str
    required: true
  problem:
    description: Whether to say what is wrong with each preset, instead of reading it; empty where nothing is.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what is asked of each page
  ansible.builtin.debug:
    msg: "{{ lookup('glossapi.farm.ocr_preset', 'deepseek-ocr-2').prompt }}"
"""

RETURN = r"""
_raw:
  description: The content of each preset's file, or with O(problem) what is wrong with it.
  type: list
  elements: raw
"""

from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset

OWN_PRESETS = Path(__file__).parents[2] / "roles/settings/files/ocr_presets"


def read(name: str) -> dict[str, Any]:
    """Return a preset that is in order.

    Args:
        name: of one of the collection's, or the path of a file, which has a slash.

    Raises:
        AnsibleLookupError: there is none, it cannot be read, or something in it is wrong; the message says what.
    """
    path = Path(name).expanduser() if "/" in name else OWN_PRESETS / f"{name}.yml"
    try:
        content: dict[str, Any] = yaml.safe_load(path.read_bytes())
        Preset.parse(content)
    except FileNotFoundError as error:
        own = ", ".join(sorted(each.stem for each in OWN_PRESETS.glob("*.yml")))
        raise AnsibleLookupError(
            f"There is no OCR preset {name!r}: give one of {own}, or the path of a file of your own."
        ) from error
    except (OSError, yaml.YAMLError, FarmError) as error:
        raise AnsibleLookupError(f"The OCR preset {path} cannot be used: {error}") from error
    return content


def _problem_of(name: str) -> str:
    try:
        read(name)
    except AnsibleLookupError as error:
        return str(error)
    return ""


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(
        self, terms: list[str], _variables: object = None, *, problem: bool = False, **_options: object
    ) -> list[Any]:
        """Return each preset, or what is wrong with it.

        Raises:
            AnsibleLookupError: see :func:`read`.
        """
        return [_problem_of(term) if problem else read(term) for term in terms]
