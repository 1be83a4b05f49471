# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a node's environment keeps away from the traps that are known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import pins

ROOT = Path(__file__).parents[3]
FILES = ROOT / "roles/glossapi/files"


def names(file: Path) -> list[str]:
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", file.read_text(), re.MULTILINE)


def version(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", pins((FILES / "requirements.txt").read_text())[name]))


@pytest.mark.parametrize("file", [FILES / "requirements.in", ROOT / "requirements/node.in"], ids=lambda file: file.name)
def test_everything_asked_for_is_locked(file: Path) -> None:
    locked = pins((FILES / "requirements.txt").read_text())
    assert [name for name in names(file) if name.lower() not in locked] == []


def test_every_package_is_pinned_with_its_hash() -> None:
    text = (FILES / "requirements.txt").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(text))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_one_distribution_alone_has_cv2() -> None:
    # pip writes one over the other; without "headless" it needs libGL and X libraries, which Amazon Linux 2023 lacks.
    locked = pins((FILES / "requirements.txt").read_text())
    assert [name for name in locked if name.startswith("opencv")] == ["opencv-python-headless"]


def test_the_lock_is_made_by_the_command_in_its_first_lines_with_all_its_files() -> None:
    command = (FILES / "requirements.txt").read_text().split("uv pip compile ", 1)[1].splitlines()[0].split()
    assert {"requirements.in", "requirements.excluded", "requirements.txt"} <= set(command)
    excluded = names(FILES / "requirements.excluded")
    assert excluded
    assert not set(excluded) & pins((FILES / "requirements.txt").read_text()).keys()


def test_the_versions_fit_one_another() -> None:
    # CUDA 12 and cuDNN 9, as torch 2.5.1 brings them; the older one runs on the CPU without a word.
    assert version("torch") == (2, 5, 1)
    assert version("onnxruntime-gpu") >= (1, 19)
    assert "onnxruntime" not in pins((FILES / "requirements.txt").read_text())
    assert version("nvidia-cudnn-cu12") >= (9,)
    assert version("pyarrow") < (21,)
    assert version("numpy") < (2,)
