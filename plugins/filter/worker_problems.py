# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusing settings of the workers before anything costs money."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import names_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import (
    config_values,
    option_names,
    problems_of,
    worker_arguments,
)

DOCUMENTATION = r"""
name: worker_problems
short_description: What is wrong with the settings of the workers
version_added: "1.1.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Checks the values that the lookup P(glossapi.farm.worker_options#lookup) finds by the rules of
    M(glossapi.farm.shard_run), on the controller.
options:
  _input:
    description: The options of M(glossapi.farm.shard_run) that settings give.
    type: dict
    required: true
  stage:
    description: Of whose supervisors they are the options.
    type: str
    choices: [text, ocr, math]
    default: text
"""

EXAMPLES = r"""
- name: Tell what is wrong
  ansible.builtin.debug:
    msg: "{{ {'max_attempts': 0} | glossapi.farm.worker_problems }}"
"""

RETURN = r"""
_value:
  description: A sentence for each value that makes no sense.
  type: list
  elements: str
  sample: ["farm_max_attempts is 0: it must be at least 1."]
"""

# Settings that are not called as the options are.
_NAMES = {
    Stage.OCR: {"pipeline": "farm_ocr_backend", "pipeline_options": "farm_ocr_options"},
    # Its pipeline is no setting: there is one.
    Stage.MATH: {"pipeline_options": "farm_math_options"},
}
# The settings have rules of their own for these.
_IDENTITY = {"shard": 1, "manifests": "s3://manifests", "results": "s3://results", "workdir": "/", "node": "node"}


def worker_problems(options: Mapping[str, Any], stage: str = Stage.TEXT) -> list[str]:
    """Return a sentence for each value that makes no sense, by the name of its setting."""
    arguments = worker_arguments()
    arguments["pipeline"]["choices"] = list(names_of(Stage(stage)))
    # As a module gets them. Ansible's own dictionaries take seconds to be copied, which the validator does.
    plain = json.loads(json.dumps({**options, **_IDENTITY}))
    validated = ArgumentSpecValidator(arguments).validate(plain)
    if validated.error_messages:
        return [_as_settings(message, stage) for message in validated.error_messages]
    config = RunConfig(**config_values(validated.validated_parameters))
    return [_as_settings(problem, stage) for problem in problems_of(config)]


def _as_settings(sentence: str, stage: str) -> str:
    own = _NAMES.get(Stage(stage), {})
    pattern = rf"\b({'|'.join(option_names())})\b(?= is| are| and| needs| above|:| must)"
    return re.sub(pattern, lambda found: own.get(found[1], f"farm_{found[1]}"), sentence)


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"worker_problems": worker_problems}
