# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

_HANG_SECONDS = 120
_MODULE = "ansible_collections.glossapi.farm.plugins.module_utils._children.lifetime"
_CHILD = (
    f"import os, time; from {_MODULE} import die_with; die_with(os.getppid()); print('up', flush=True); time.sleep(600)"
)
_PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {_CHILD!r}], stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_does_not_outlive_a_parent_that_is_killed(library_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(library_path)}
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    deadline = time.monotonic() + _HANG_SECONDS
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_and_what_it_starts_are_the_first_to_be_killed_for_want_of_memory() -> None:
    tell = "import pathlib; print(pathlib.Path('/proc/self/oom_score_adj').read_text())"
    program = f"import subprocess, sys; from {_MODULE} import be_killed_first; be_killed_first()\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}subprocess.run([sys.executable, '-c', {tell!r}]); {tell}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    assert done.stdout.split() == ["1000", "1000"]


def test_a_process_whose_parent_is_gone_already_ends() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", f"from {_MODULE} import die_with; die_with(0)"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert finished.returncode == 1
    assert "is gone" in finished.stderr
