# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a local server, wait until it answers, stop it by its pid."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
_STOP_SECONDS = 10
# It becomes the program itself: there is no process in between.
_DIES_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")


def free_ports(count: int) -> list[int]:
    """Return ``count`` different TCP ports that are free on loopback now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class ServerProcess:
    """A context manager: a child process that serves HTTP while the context lasts.

    It does not outlive the thread that started it, even one that is killed.

    Args:
        command: the program and its arguments.
        ready_url: an address that answers, with any status, once the server is up.
        log: the file that takes the server's output.
        environment: the child's whole environment.
    """

    def __init__(self, command: Sequence[str], ready_url: str, log: Path, environment: dict[str, str]) -> None:
        self._command = list(command)
        self._ready_url = ready_url
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, timeout_seconds: float = 600) -> None:
        """Start the server and wait until it answers.

        Raises:
            RuntimeError: it ended or did not answer in time; the message names its log.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [*_DIES_WITH_PARENT, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                # Ctrl-C is for who uses it.
                start_new_session=True,
            )
        try:
            self._wait(self._process, timeout_seconds)
        except BaseException:
            # Ctrl-C, too: a context that was not entered is not left either.
            self.stop()
            raise

    def _wait(self, process: subprocess.Popen[bytes], timeout_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"{self._command[0]} ended with status {process.returncode}: see {self._log}")
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self._command[0]} did not answer within {timeout_seconds:.0f} s: see {self._log}")

    def stop(self) -> None:
        """End the server and wait for it; does nothing when it is not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        # No proxy: the environment of the machine may name one, and loopback is not behind it.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self._ready_url, timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except (OSError, ValueError):
            return False
