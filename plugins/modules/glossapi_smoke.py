#!/usr/bin/python
# Copyright: glossapi.farm contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: glossapi_smoke
short_description: Check that glossAPI's environment really uses the GPUs
version_added: "1.0.0"
author:
  - glossapi.farm contributors (@eellak)
description:
  - Computes on each GPU with torch, runs a session of onnxruntime, has RapidOCR make its own sessions and asks each
    where it runs. Fails where any of that is not on the GPU.
  - What is installed or available does not count, since OCR falls back to the CPU without a word.
options:
  gpus:
    description: Number of GPUs that torch must see, exactly.
    type: int
    required: true
  evidence:
    description:
      - Absolute path of a file that gets what was seen, and is removed where a check fails. Nothing reads it.
    type: path
    required: true
extends_documentation_fragment:
  - glossapi.farm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - Runs with the Python of the environment it checks, on a node with GPUs that are free.
"""

EXAMPLES = r"""
- name: Check the environment
  glossapi.farm.glossapi_smoke:
    gpus: 4
    evidence: /mnt/data/state/smoke.json
  vars:
    ansible_python_interpreter: /mnt/data/miniforge/envs/glossapi/bin/python
"""

RETURN = r"""
seen:
  description: What the checks saw.
  returned: success
  type: dict
  sample: {gpus: 4, ocr_sessions_on_gpu: 3, versions: {torch: 2.5.1, onnxruntime-gpu: 1.22.0}}
"""

from importlib import metadata
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.gpu_canary import (
    check_onnxruntime,
    check_torch,
)
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.evidence import forget_evidence, keep_evidence
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.ocr import check_rapidocr

_PACKAGES = ("docling", "onnxruntime-gpu", "rapidocr", "torch")


def check(gpus: int) -> dict[str, Any]:
    """Return what the checks saw.

    Raises:
        FarmError: one failed.
    """
    try:
        check_torch(gpus)
        check_onnxruntime()
        sessions = check_rapidocr()
    except ImportError as error:
        raise FarmError(f"The environment lacks what OCR needs ({error}): run the role glossapi.") from error
    versions = {name: metadata.version(name) for name in _PACKAGES}
    return {"gpus": gpus, "ocr_sessions_on_gpu": sessions, "versions": versions}


def run(parameters: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Check, keep what was seen, and return the module's result.

    Raises:
        FarmError: a check failed, or what was seen cannot be kept.
    """
    evidence = Path(parameters["evidence"])
    try:
        seen = check(parameters["gpus"])
    except FarmError:
        if not check_mode:
            forget_evidence(evidence)
        raise
    return {"changed": keep_evidence(evidence, seen, check_mode=check_mode), "seen": seen}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "gpus": {"type": "int", "required": True},
            "evidence": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        result = run(module.params, check_mode=module.check_mode)
    except FarmError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
