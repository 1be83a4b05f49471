# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from emulators.process import LOOPBACK, ServerProcess, free_ports
from tests.support.shards import until

pytestmark = pytest.mark.server

_NEVER_ANSWERS = [sys.executable, "-c", "import time; time.sleep(60)"]


def _server(command: list[str], folder: Path, port: int) -> ServerProcess:
    return ServerProcess(command, f"http://{LOOPBACK}:{port}/", folder / "logs" / "server.log", {"PATH": os.defpath})


def test_free_ports_are_different_ones() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_server_answers_inside_its_context_and_not_after_it(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    (tmp_path / "file").write_text("served")
    command = [sys.executable, "-m", "http.server", "--bind", LOOPBACK, "--directory", str(tmp_path), str(port)]
    address = f"http://{LOOPBACK}:{port}/file"
    with _server(command, tmp_path, port), urllib.request.urlopen(address) as answer:
        assert answer.read() == b"served"
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address)


_STARTS_AND_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from emulators.process import ServerProcess
command, folder, port = sys.argv[1:-2], Path(sys.argv[-2]), sys.argv[-1]
ServerProcess(command, f"http://127.0.0.1:{port}/", folder / "server.log", {"PATH": os.defpath}).start()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_does_not_outlive_who_started_it(repository: Path, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "http.server", "--bind", LOOPBACK, "--directory", str(tmp_path), str(port)]
    started = subprocess.run(
        [sys.executable, "-c", _STARTS_AND_IS_KILLED, *command, str(tmp_path), str(port)], cwd=repository, check=False
    )
    assert started.returncode == -signal.SIGKILL
    assert (tmp_path / "server.log").read_text(), "it did answer"

    def refuses() -> bool:
        try:
            urllib.request.urlopen(f"http://{LOOPBACK}:{port}/")
        except OSError:
            return True
        return False

    until(refuses)


def test_a_server_that_ends_at_once_is_an_error_that_names_its_log(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    server = _server([sys.executable, "-c", "print('no'); raise SystemExit(3)"], tmp_path, port)
    with pytest.raises(RuntimeError, match=r"ended with status 3: see .*server\.log"):
        server.start()
    server.stop()
    assert (tmp_path / "logs" / "server.log").read_text() == "no\n"


def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    server = _server(_NEVER_ANSWERS, tmp_path, port)
    with pytest.raises(RuntimeError, match="did not answer within 0 s"):
        server.start(timeout_seconds=0.2)


def test_a_start_that_is_interrupted_leaves_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    def interrupt(*_handlers: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", Kept)
    monkeypatch.setattr("emulators.process.urllib.request.build_opener", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _server(_NEVER_ANSWERS, tmp_path, 1).start()
    assert started[0].poll() is not None


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    _server(_NEVER_ANSWERS, tmp_path, 1).stop()
