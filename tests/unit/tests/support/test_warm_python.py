# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what takes the place of Python for Ansible's modules: nobody may see the difference."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.shards import until
from tests.support.warm_python import warm_python

_ENVIRONMENT = {"PATH": os.defpath, "COLOUR": "blue"}
_LOOK = """
import os, sys
print(os.getcwd(), sorted(os.environ), __name__, sys.argv, sys.executable)
print("told", file=sys.stderr)
sys.exit(3)
"""


def _run(python: str, program: str, folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [python], input=program, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("program", [_LOOK, "import sys; sys.exit('why')", "print('all is well')"])
def test_it_does_what_python_does(tmp_path: Path, program: str) -> None:
    assert _run(warm_python(), program, tmp_path) == _run(sys.executable, program, tmp_path)


def test_what_fails_is_told_with_its_traceback(tmp_path: Path) -> None:
    status, _output, errors = _run(warm_python(), "raise ValueError('too few')", tmp_path)
    assert (status, errors.splitlines()[-1]) == (1, "ValueError: too few")


def test_ansible_library_is_there_and_is_no_controllers(tmp_path: Path) -> None:
    program = "import sys\nprint('boto3' in sys.modules)\nfrom ansible.module_utils import _internal\n"
    assert _run(warm_python(), f"{program}print(_internal.is_controller)", tmp_path)[1] == "True\nFalse\n"


def test_what_is_compiled_of_an_archive_belongs_to_the_next_as_well(tmp_path: Path) -> None:
    source = "def where():\n    return where.__code__.co_filename\n"
    told = []
    for name in ("first.zip", "second.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("placed.py", source)
        program = f"import sys\nsys.path.insert(0, {str(tmp_path / name)!r})\nimport placed\nprint(placed.where())"
        told.append(_run(warm_python(), program, tmp_path))
    assert told == [(0, f"{tmp_path / name / 'placed.py'}\n", "") for name in ("first.zip", "second.zip")]


def test_a_module_ends_with_its_caller(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()) + ' ')\ntime.sleep(600)"
    with subprocess.Popen([warm_python()], stdin=subprocess.PIPE, env=_ENVIRONMENT, text=True) as caller:
        assert caller.stdin is not None
        caller.stdin.write(program)
        caller.stdin.close()
        until(lambda: note.exists() and note.read_text().endswith(" "))
        caller.kill()
    until(lambda: not Path("/proc", note.read_text().strip()).exists())
