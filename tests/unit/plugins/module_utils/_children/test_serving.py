# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import PARENT_VARIABLE, Parent

ATTACH = """
import os, sys
from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import attach
parent = attach()
"""
SLEEP = ATTACH + "parent.tell_ready(); import time; time.sleep(600)"
PARENT = f"""
import os, subprocess, sys, time
environment = {{**os.environ, {PARENT_VARIABLE!r}: str(os.getpid())}}
pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], **pipes)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""
HANG_SECONDS = 120


def serve(program: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ATTACH + program],
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
        timeout=HANG_SECONDS,
        check=False,
    )


def test_what_a_library_or_program_prints_does_not_get_between_the_answers() -> None:
    noise = "print('noise'); os.write(1, b'noise'); os.system('echo noise')"
    done = serve(f"parent.tell_ready()\nfor message in parent:\n    {noise}; parent.tell(message)\n", '{"a": 1}\n[2]\n')
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"ready": None}, {"a": 1}, [2]]
    assert done.stderr.count("noise") == 6


def test_a_library_that_reads_standard_input_takes_no_message() -> None:
    done = serve("parent.tell(sys.stdin.read())\nfor message in parent: parent.tell(message)\n", '"message"\n')
    assert done.stdout == '""\n"message"\n'


def test_programs_that_it_starts_do_not_take_it_for_their_parent() -> None:
    done = serve(f"parent.tell(os.environ.get({PARENT_VARIABLE!r}))", **{PARENT_VARIABLE: str(os.getpid())})
    assert done.stdout == "null\n"


def test_it_does_not_begin_when_its_parent_is_gone() -> None:
    done = serve("parent.tell_ready()", **{PARENT_VARIABLE: "1"})
    assert done.stdout == ""
    assert "is gone" in done.stderr


def test_it_dies_with_its_parent_while_it_works() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    deadline = time.monotonic() + HANG_SECONDS
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_the_answers_of_several_threads_are_lines_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    with path.open("wb") as answers:
        parent = Parent(io.BytesIO(), answers)

        def tell() -> None:
            for _ in range(50):
                parent.tell("x" * 5000)

        telling = [threading.Thread(target=tell) for _ in range(8)]
        for thread in telling:
            thread.start()
        for thread in telling:
            thread.join()
    assert {json.loads(line) for line in path.read_text().splitlines()} == {"x" * 5000}


def test_a_child_is_killed_before_its_parent_when_memory_runs_out() -> None:
    done = serve("parent.tell(int(open('/proc/self/oom_score_adj').read()))\n")
    assert json.loads(done.stdout) == 1000
