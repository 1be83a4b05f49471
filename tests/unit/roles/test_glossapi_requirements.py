# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a node's environment keeps away from the traps that are known."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import pins

ROOT = Path(__file__).parents[3]
# Of what pipelines import, the rest comes with it, docling_core with docling and so on.
_COMES_ALONG = {"botocore", "docling_core"}
# What runs glossAPI's script for DeepSeek-OCR-2 does so in an environment of its own.
_ELSEWHERE = {"vllm"}
FILES = ROOT / "roles/glossapi/files"


def names(file: Path) -> list[str]:
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", file.read_text(), re.MULTILINE)


def version(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", pins((FILES / "requirements.txt").read_text())[name]))


@pytest.mark.parametrize("file", [FILES / "requirements.in", ROOT / "requirements/node.in"], ids=lambda file: file.name)
def test_everything_asked_for_is_locked(file: Path) -> None:
    locked = pins((FILES / "requirements.txt").read_text())
    assert [name for name in names(file) if name.lower() not in locked] == []


def test_a_node_counts_encrypted_documents_as_the_controller_does() -> None:
    # Without it pypdf has no voice, and the row another text.
    assert all("cryptography" in names(file) for file in (ROOT / "requirements/node.in", FILES / "requirements.txt"))


def test_a_node_is_asked_to_import_all_that_a_worker_imports() -> None:
    folders = ("_children", "_pipelines", "_records", "_runner", "_s3", "_text")
    imported = set()
    for path in (path for folder in folders for path in (ROOT / "plugins/module_utils" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.partition(".")[0])
    others = {name for name in imported - sys.stdlib_module_names if not name.startswith("mypy_")}
    asked = yaml.safe_load((ROOT / "roles/glossapi/defaults/main.yml").read_text())["glossapi_imports"]
    assert others - {name.partition(".")[0] for name in asked} == _COMES_ALONG | _ELSEWHERE


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
