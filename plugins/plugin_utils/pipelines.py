# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters ask of a pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import PipelineKind
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of


def ask(pipeline: str, options: Mapping[str, Any], question: Callable[[PipelineKind, dict[str, Any]], str]) -> str:
    """Return what a pipeline says with these options, which are checked before.

    Raises:
        AnsibleFilterError: the pipeline or one of its options is unknown or wrong.
    """
    try:
        kind = kind_of(pipeline)
        # As a module gets them: what is within Ansible's own dictionaries is neither a list nor a dictionary.
        plain = json.loads(json.dumps(options))
        kind.check(plain)
        return question(kind, plain)
    except FarmError as error:
        raise AnsibleFilterError(str(error)) from error
