# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.log_file import RotatingLog, open_log

LINES = 2000
KEEP = """
import os, sys
from pathlib import Path
from {module} import keep_log
stream = keep_log(Path({path!r}), is_stderr={is_stderr})
print("from Python", file=sys.stderr)
sys.stderr.buffer.write(b"from a worker \\xff\\n")
os.write(2, b"from C\\n")
"""


def test_many_writers_and_many_rotations_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = RotatingLog(path, open_log(path), max_bytes=1000, kept=100)

    def write(name: str) -> None:
        for number in range(LINES):
            log.write(f"{name} {number}\n".encode())

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    files = list(tmp_path.iterdir())
    lines = sorted(line for file in files for line in file.read_text().splitlines())
    assert lines == sorted(f"{name} {number}" for name in "abcd" for number in range(LINES))
    assert len(files) > 10
    assert max(file.stat().st_size for file in files) < 1100


def test_the_oldest_file_goes_when_there_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = RotatingLog(path, open_log(path), max_bytes=1, kept=2)
    for number in range(5):
        log.write(b"%d" % number)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"log": "4", "log.1": "3", "log.2": "2"}


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = RotatingLog(path, open_log(path), max_bytes=1)
    log.write(b"a")
    log.write(b"b")
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_a_full_disk_takes_nothing_from_the_copy_and_ends_nothing(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    full = os.open("/dev/full", os.O_WRONLY)
    log = RotatingLog(tmp_path / "log", full, writing)
    assert log.write(b"a line\n") == 7
    os.close(full)
    assert os.read(reading, 100) == b"a line\n"
    os.close(reading)
    # A journald that restarts leaves a broken pipe for a moment.
    assert log.write(b"a line\n") == 7
    os.close(writing)


def _errors_after_keeping(path: Path, library_path: Path, *, is_stderr: bool) -> str:
    code = KEEP.format(module=RotatingLog.__module__, path=str(path), is_stderr=is_stderr)
    with path.open("ab") as file:
        finished = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": str(library_path)},
            stdout=subprocess.PIPE,
            stderr=file if is_stderr else subprocess.PIPE,
            check=True,
        )
    return (finished.stderr or b"").decode(errors="replace")


def test_under_systemd_the_journal_and_the_file_have_all_that_goes_through_the_supervisor(
    tmp_path: Path, library_path: Path
) -> None:
    path = tmp_path / "log"
    journal = _errors_after_keeping(path, library_path, is_stderr=False)
    assert path.read_bytes() == b"from Python\nfrom a worker \xff\n"
    assert journal == "from Python\nfrom a worker \ufffd\nfrom C\n"


def test_a_detached_supervisor_writes_all_to_the_file_once(tmp_path: Path, library_path: Path) -> None:
    path = tmp_path / "log"
    _errors_after_keeping(path, library_path, is_stderr=True)
    assert path.read_bytes() == b"from Python\nfrom a worker \xff\nfrom C\n"


def test_what_c_code_writes_follows_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "log"
    descriptor = open_log(path)
    log = RotatingLog(path, descriptor, max_bytes=1)
    log.write(b"old")
    log.write(b"new ")
    os.write(descriptor, b"and raw")
    os.close(descriptor)
    assert path.read_text() == "new and raw"
