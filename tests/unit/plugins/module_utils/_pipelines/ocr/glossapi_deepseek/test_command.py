# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.command import (
    command,
    environment,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.options import (
    DeepSeekOptions,
)

FOLDER = Path("/slot/deepseek")


def some_options(root: Path = Path("/e")) -> DeepSeekOptions:
    return DeepSeekOptions.parse({"checkout": "/c", "environment": str(root), "model": "/m", "render_dpi": 200})


def test_the_launcher_is_given_to_glossapis_python_as_its_program_and_the_script_to_the_launcher() -> None:
    words = command(some_options(), Path("/m"), FOLDER, 7)
    assert words[:2] == ["/e/bin/python", "-c"]
    assert "runpy.run_path" in words[2]
    script = "/c/src/glossapi/ocr/deepseek/run_pdf_ocr_vllm.py"
    assert words[3:7] == ["7", script, "/c/src", "/slot/deepseek/queue.db"]


def test_each_argument_of_the_script_has_its_value() -> None:
    words = command(some_options(), Path("/m"), FOLDER, 7)[7:]
    assert dict(zip(words[::2], words[1::2], strict=True)) == {
        "--input-dir": "/slot/deepseek/input",
        "--output-dir": "/slot/deepseek/output",
        "--model-dir": "/m",
        "--ocr-profile": "markdown_grounded",
        "--repair-mode": "auto",
        "--render-dpi": "200",
        "--max-new-tokens": "2048",
        "--batch-size": "160",
        "--gpu-memory-utilization": "0.9",
        "--worker-id": "worker",
        "--work-max-attempts": "1",
    }


def test_it_has_no_key_to_aws_and_nothing_of_this_library_and_does_not_look_at_the_model_hub() -> None:
    inherited = {"AWS_SECRET_ACCESS_KEY": "secret", "PYTHONPATH": "/farm", "PATH": "/bin", "CUDA_VISIBLE_DEVICES": "2"}
    assert environment(some_options(), FOLDER, inherited) == {
        "CUDA_VISIBLE_DEVICES": "2",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "PATH": "/e/bin:/bin",
        "TMPDIR": "/slot/deepseek/tmp",
        "VIRTUAL_ENV": "/e",
    }


def test_cudas_libraries_of_the_python_environment_are_found_before_others(tmp_path: Path) -> None:
    folders = [tmp_path / f"lib/python3.12/site-packages/nvidia/{name}/lib" for name in ("cublas", "cudnn")]
    for folder in folders:
        folder.mkdir(parents=True)
    options = some_options(tmp_path)
    assert environment(options, FOLDER, {})["LD_LIBRARY_PATH"] == f"{folders[0]}:{folders[1]}"
    found = environment(options, FOLDER, {"LD_LIBRARY_PATH": "/opt/lib"})["LD_LIBRARY_PATH"]
    assert found == f"{folders[0]}:{folders[1]}:/opt/lib"
