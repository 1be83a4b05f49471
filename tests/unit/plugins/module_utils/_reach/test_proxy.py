# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._reach import proxy
from emulators.sessions import Sessions

_INSTANCE = "i-0123456789abcdef0"


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.defpath)
    key = tmp_path / "key.pub"
    key.touch()
    return key


def _run(key: Path | str, *programs: Path) -> subprocess.CompletedProcess[str]:
    """Run it as ssh does: by itself."""
    return subprocess.run(
        [
            *(sys.executable, "-I", proxy.__file__, "--region", "us-east-1", "--key", str(key)),
            *("--instance", _INSTANCE, "--port", "22", "--user", "ec2-user"),
        ],
        env={**os.environ, "PATH": os.pathsep.join([*map(str, programs), os.defpath])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _record() -> dict[str, str]:
    return dict(json.loads(proxy.record_path(_INSTANCE).read_text()))


def test_a_node_is_reached_where_nothing_can_be_kept(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    finished = _run(key, Sessions(tmp_path / "sessions").programs)
    assert finished.returncode == 0
    assert "cannot be kept" in finished.stderr


def test_a_session_leaves_nothing_behind_of_an_earlier_failure(tmp_path: Path, key: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    sessions.set_late(_INSTANCE, attempts=1)
    first = _run(key, sessions.programs)
    assert first.returncode == 1
    assert _record()["step"] == proxy.SESSION
    assert "(TargetNotConnected)" in _record()["message"]
    assert first.stderr.strip() == _record()["message"]
    assert _run(key, sessions.programs).returncode == 0
    assert not proxy.record_path(_INSTANCE).exists()


def test_the_key_is_let_in_before_the_session(tmp_path: Path, key: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    assert _run(key, sessions.programs).returncode == 0
    assert [call.split()[:2] for call in sessions.calls()] == [
        ["ec2-instance-connect", "send-ssh-public-key"],
        ["ssm", "start-session"],
    ]


def test_without_a_key_there_is_the_session_alone(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    assert _run("", sessions.programs).returncode == 0
    assert [call.split()[1] for call in sessions.calls()] == ["start-session"]


def test_a_key_that_is_refused_ends_it(tmp_path: Path, key: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    (sessions.programs / "aws").write_text("#!/bin/sh\necho no such luck >&2\nexit 3\n")
    assert _run(key, sessions.programs).returncode == 1
    assert _record() == {"step": proxy.KEY, "message": "no such luck"}


def test_what_says_nothing_is_told_by_its_status(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    (sessions.programs / "aws").write_text("#!/bin/sh\nexit 7\n")
    assert _run("", sessions.programs).returncode == 1
    assert _record() == {"step": proxy.SESSION, "message": "the AWS command line ended with status 7"}


@pytest.mark.parametrize("missing", proxy.PROGRAMS)
def test_a_program_that_is_missing_is_named(tmp_path: Path, key: Path, missing: str) -> None:
    sessions = Sessions(tmp_path / "sessions", without=[missing])
    assert _run(key, sessions.programs).returncode == 1
    assert _record() == {"step": proxy.MACHINE, "message": f"not in the PATH of this machine: {missing}"}


def test_a_key_that_is_missing_is_named(tmp_path: Path) -> None:
    assert _run(tmp_path / "none.pub", Sessions(tmp_path / "sessions").programs).returncode == 1
    assert _record() == {"step": proxy.MACHINE, "message": f"there is no public key {tmp_path / 'none.pub'}"}


@pytest.mark.parametrize("is_ignored", [False, True], ids=["as usual", "below nohup"])
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_of_ssh_ends_the_session_and_is_no_failure(
    tmp_path: Path, number: signal.Signals, is_ignored: bool
) -> None:
    sessions = Sessions(tmp_path / "sessions")
    (sessions.programs / "aws").write_text(f"#!/bin/sh\ntouch {tmp_path}/open\nexec sleep 600\n")
    process = subprocess.Popen(
        [
            *(sys.executable, "-I", proxy.__file__, "--region", "us-east-1"),
            *("--instance", _INSTANCE, "--port", "22", "--user", "ec2-user"),
        ],
        env={**os.environ, "PATH": f"{sessions.programs}{os.pathsep}{os.defpath}"},
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN if is_ignored else signal.SIG_DFL),  # noqa: PLW1509
    )
    while not (tmp_path / "open").exists():
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait() == 0
    assert not proxy.record_path(_INSTANCE).exists()


_SIGNALLED_EARLY = """
import os, runpy, signal, subprocess, sys
open_session = subprocess.Popen
def signalled(*arguments, **options):
    process = open_session(*arguments, **options)
    os.kill(os.getpid(), signal.SIGHUP)
    return process
subprocess.Popen = signalled
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_signal_that_comes_while_the_session_is_opened_ends_it_too(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    (sessions.programs / "aws").write_text("#!/bin/sh\nexec sleep 600\n")
    ended = subprocess.run(
        [
            *(sys.executable, "-Ic", _SIGNALLED_EARLY, proxy.__file__, "--region", "us-east-1"),
            *("--instance", _INSTANCE, "--port", "22", "--user", "ec2-user"),
        ],
        env={**os.environ, "PATH": f"{sessions.programs}{os.pathsep}{os.defpath}"},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert ended.returncode == 0


def test_an_option_that_is_missing_is_refused() -> None:
    with pytest.raises(SystemExit):
        proxy.main(["--region", "us-east-1"])
