# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that the collection's modules share."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes every module declares; a module adds its ``support`` of each."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status without changing anything.
  diff_mode:
    description: Returns what changed (or would change in check mode) when in diff mode.
  idempotent:
    description: A second run with the same options and the same state of the world reports no change.
"""
