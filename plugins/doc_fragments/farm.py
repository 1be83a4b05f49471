# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of where a farm's state is, for the modules that read it."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a cut and its results."""

    DOCUMENTATION = r"""
options:
  manifests:
    description: Prefix that has the shards' manifests, as C(s3://bucket/prefix).
    type: str
    required: true
  results:
    description: Prefix that takes results, markers and progress, as C(s3://bucket/prefix).
    type: str
    required: true
  summary_name:
    description: Name of the cut's summary below O(manifests).
    type: str
    default: shard_summary.json
"""
