# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of what documents can be processed with."""

from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import DEFAULT, KINDS, NAMES

_SUMMARIES = [kind.summary for kind in KINDS]
_PARAGRAPHS = [text for kind in KINDS for text in kind.options_help.split("\n\n")]
_OPTIONS = ["Options of the pipeline.", *(" ".join(text.split()) for text in _PARAGRAPHS)]


class ModuleDocFragment:
    """The options that name a pipeline and configure it."""

    # Annotated: the yamllint of ansible-test stumbles over an assignment that is no plain text.
    # A list in JSON is one in YAML.
    DOCUMENTATION: str = rf"""
options:
  pipeline:
    description: {json.dumps(_SUMMARIES)}
    type: str
    choices: [{", ".join(NAMES)}]
    default: {DEFAULT}
  pipeline_options:
    description: {json.dumps(_OPTIONS)}
    type: dict
    default: {{}}
"""
