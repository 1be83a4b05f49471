# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of which weights a module is about, and where they are in S3."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules weights_store and weights_files."""

    DOCUMENTATION = r"""
options:
  weights:
    description: The list, as the lookup P(glossapi.farm.weights#lookup) has it in C(weights).
    type: dict
    required: true
  users:
    description: Names of the pipelines and OCR backends whose weights are meant.
    type: list
    elements: str
    required: true
  prefix:
    description: Where the weights are in S3, as C(s3://bucket/scripts/weights).
    type: str
    required: true
"""
