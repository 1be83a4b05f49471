# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command import execution
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.execution import run_command
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass

_PACKAGE = "ansible_collections.glossapi.farm.plugins.module_utils"
# What a worker does: the command runs in a process that orphans come to, beside a child of its own.
_WORKER = f"""
import json, subprocess, sys
from pathlib import Path
from {_PACKAGE}._children.lifetime import adopt_orphans
from {_PACKAGE}._pipelines.command.execution import run_command
from {_PACKAGE}._pipelines.failures import DocumentFailure
adopt_orphans()
with subprocess.Popen(["sleep", "600"]) as own:
    try:
        run_command(json.loads(sys.argv[1]), Path.cwd())
        print("done")
    except DocumentFailure as failure:
        print(failure)
    print(own.poll())
    own.kill()
"""


def worker(command: list[str], folder: Path, library_path: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(library_path), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-c", _WORKER, json.dumps(command)],
        cwd=folder,
        env=environment,
        text=True,
        check=True,
        timeout=120,
        **options,
    )


def command_of(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.mark.parametrize("status", [0, 3])
def test_what_a_command_leaves_ends_with_it_whatever_its_session_and_its_environment(
    status: int, tmp_path: Path, library_path: Path
) -> None:
    # Each is an orphan in a session of its own, one of them without any variable, and holds the pipes open.
    program = f"""
import subprocess, sys
for number in range(3):
    leave = f"sh -c 'setsid env -i sleep 600 & echo $! >> left; setsid sleep 600 & echo $! >> left'"
    subprocess.run(leave, shell=True)
sys.exit({status})
"""
    with (tmp_path / "errors").open("wb") as errors:
        said = worker(command_of(program), tmp_path, library_path, stdout=subprocess.PIPE, stderr=errors).stdout
    assert said.split("\n")[-2] == "None"
    assert said.startswith("done" if status == 0 else "pipeline: the command ended with status 3")
    left = [int(line) for line in (tmp_path / "left").read_text().split()]
    assert len(left) == 6
    assert [each for each in left if psutil.pid_exists(each)] == []


def test_a_command_says_as_much_as_it_likes_and_leaves_none_of_it_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    program = "import sys\nfor number in range(20_000):\n    print('line', number, file=sys.stderr)\nsys.exit(1)"
    with pytest.raises(DocumentFailure) as raised:
        run_command(command_of(program), tmp_path)
    assert raised.value.message.endswith("line 19998\nline 19999")
    assert len(raised.value.message) < 1600
    assert capfdbinary.readouterr().err.count(b"line") == 20_000


def test_a_command_that_closes_its_output_is_waited_for(tmp_path: Path) -> None:
    program = "import os, time\nos.close(2)\ntime.sleep(0.5)\nopen('late', 'w').close()"
    run_command(command_of(program), tmp_path)
    assert (tmp_path / "late").exists()


def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure, match="/no/such/program cannot be run"):
        run_command(["/no/such/program"], tmp_path)


@pytest.mark.parametrize(
    ("end", "kills", "failure_class", "message"),
    [
        ("os.kill(os.getpid(), 9)", [4, 5], FailureClass.OUT_OF_MEMORY, "ended by SIGKILL, when the kernel killed"),
        ("os._exit(137)", [4, 5], FailureClass.OUT_OF_MEMORY, "status 137, when the kernel killed"),
        ("os.kill(os.getpid(), 9)", [4, 4], FailureClass.PIPELINE, r"ended by SIGKILL\. "),
        ("os._exit(137)", [4, 4], FailureClass.PIPELINE, r"ended with status 137\. "),
    ],
)
def test_a_command_that_the_kernel_killed_for_want_of_memory_is_out_of_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    kills: list[int],
    failure_class: FailureClass,
    message: str,
) -> None:
    monkeypatch.setattr(execution, "memory_kills", lambda: kills.pop(0))
    with pytest.raises(DocumentFailure, match=message) as raised:
        run_command(command_of(f"import os; {end}"), tmp_path)
    assert raised.value.failure_class is failure_class
