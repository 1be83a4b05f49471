# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible for the demo, alone in its folder, and leaves nothing running."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.detached import DetachedSupervisor
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from demo.story import Steps

_STOP_SECONDS = 30


def play(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> int:
    """Run Ansible in a folder, show its steps, and keep all that it says in ``log``; return its exit status."""

    def show(text: str) -> None:
        print(text, end="", flush=True)

    steps = Steps(show, sys.stdout.isatty())
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Whatever the caller's locale; a document's name may be no UTF-8.
            encoding="utf-8",
            errors="backslashreplace",
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                kept.write(line)
                steps.line(line.rstrip("\n"))
        except KeyboardInterrupt:
            # It reached Ansible, too.
            _wait_for(process)
            steps.interrupted()
            raise
        steps.end()
    return process.returncode


def _wait_for(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=_STOP_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.communicate()


def stop_supervisors(nodes: Path) -> None:
    """End the supervisors of the emulated nodes that still run."""
    for lock in nodes.glob("*/state/shard_*.lock"):
        shard = int(lock.stem.removeprefix("shard_"))
        DetachedSupervisor(Layout(lock.parents[1], shard)).stop(_STOP_SECONDS)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second demo out of the folder as long as the context lasts.

    Raises:
        RuntimeError: one is at work there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another demo is at work in {folder}: wait for its end.") from None
        yield
