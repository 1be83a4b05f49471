# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of processing failed documents again, with the classes that there are."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


class ModuleDocFragment:
    """The option that names classes of failures."""

    # Annotated: the yamllint of ansible-test stumbles over an assignment that is no plain text.
    DOCUMENTATION: str = rf"""
options:
  retry:
    description:
      - Process failed documents of these classes again. Their markers stay until they end anew.
      - A document that fails again under the same request, which is O(retry), O(timeout_factor) and O(retry_label), is
        not tried again by it. So the same task can be run until it is through.
    type: list
    elements: str
    choices: [{", ".join(each.value for each in FailureClass)}]
    default: []
"""
