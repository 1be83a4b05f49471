# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The locks of environments beside glossAPI's are whole, and presets name one that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import pins
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.driver import driver_problem
from ansible_collections.glossapi.farm.plugins.module_utils._weights.folder import MODELS_FOLDER
from ansible_collections.glossapi.farm.plugins.module_utils._weights.pin import read

_ROOT = Path(__file__).parents[3]
_LIST = read(_ROOT / "roles/weights/files/weights.json")
_LOCKS = sorted((_ROOT / "roles/inference_server/files").glob("*.txt"))
_PRESETS = sorted((_ROOT / "roles/settings/files/ocr_presets").glob("*.yml"))
_HASH = r" (?:\\\n    )?--hash=sha256:[0-9a-f]{64}"
_ENTRY = re.compile(rf"[a-z0-9][a-z0-9-]*==[^\s;]+(?:{_HASH})+\n")


def _entries(lock: Path) -> str:
    """Return the lock without its comments and options, which have no part in what is installed."""
    return "".join(line for line in lock.read_text().splitlines(keepends=True) if not line.lstrip().startswith("#"))


def test_there_is_one() -> None:
    assert _LOCKS


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda path: path.stem)
def test_every_line_is_a_package_pinned_with_its_hash(lock: Path) -> None:
    assert _ENTRY.sub("", _entries(lock)) == ""
    assert len(pins(lock.read_text())) == len(_ENTRY.findall(_entries(lock)))


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda path: path.stem)
def test_what_was_asked_for_is_locked_as_it_was_asked_for(lock: Path) -> None:
    asked = pins(lock.with_suffix(".in").read_text())
    assert asked
    assert asked.items() <= pins(lock.read_text()).items()


@pytest.mark.parametrize("preset", _PRESETS, ids=lambda path: path.stem)
def test_a_preset_s_environment_has_a_lock_whose_cuda_its_driver_is_new_enough_for(preset: Path) -> None:
    content = yaml.safe_load(preset.read_text())
    (lock,) = (lock for lock in _LOCKS if lock.stem == content["environment"])
    # PyPI's names of CUDA's runtime: that of 13 has no number in it.
    assert pins(lock.read_text())["nvidia-cuda-runtime"].startswith("13.")
    assert driver_problem(content["minimum_driver"], {"CUDA 13": "580"}) == ""


@pytest.mark.parametrize("preset", _PRESETS, ids=lambda path: path.stem)
def test_a_preset_s_model_is_in_the_list_of_weights_at_the_same_commit(preset: Path) -> None:
    content = yaml.safe_load(preset.read_text())
    (model,) = [each for each in _LIST.repositories if content["name"] in each.used_by]
    (weights,) = content["weights"]
    assert (model.repo, model.folder) == (weights["repo"], f"{MODELS_FOLDER}/{content['name']}")
    # A branch, until somebody has pinned it.
    assert weights.get("revision", "main") == model.revision
