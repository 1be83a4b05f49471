# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that ssh reaches a node through: a session of Systems Manager, after its user's key was let in.

ssh shows nothing of what its proxy says, so that each failure is kept in a file of the node (see :func:`record_path`).
Runs by itself: it imports nothing of the collection.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# What failed: something on this machine, letting the key in, or the session.
MACHINE, KEY, SESSION = "machine", "key", "session"
SESSION_PLUGIN = "session-manager-plugin"
PROGRAMS = ("aws", SESSION_PLUGIN)
_KEPT_CHARACTERS = 4000
_FAILED = 1


class ReachError(Exception):
    """The node cannot be reached.

    Attributes:
        step: one of :data:`MACHINE`, :data:`KEY`, :data:`SESSION`.
    """

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step = step


def record_path(instance_id: str) -> Path:
    """Return the file that keeps why an instance could not be reached when that was tried last."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches, "glossapi-farm", "connections", f"{instance_id}.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Connect standard input and output with the node until either end closes, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True)
    parser.add_argument("--instance", required=True)
    parser.add_argument("--port", required=True)
    parser.add_argument("--user", required=True, help="whose key is let in")
    parser.add_argument("--key", default="", help="file of the public key; none for one that the image has")
    options = parser.parse_args(arguments)
    record = record_path(options.instance)
    _forget(record)
    try:
        _check_machine(options.key)
        if options.key:
            _let_key_in(options)
        _hold_session(options)
    except ReachError as error:
        sys.stderr.write(f"{error}\n")
        _write(record, {"step": error.step, "message": str(error)})
        return _FAILED
    return 0


def _forget(record: Path) -> None:
    try:
        record.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        record.unlink(missing_ok=True)
    except OSError as error:
        # As of a home that is another's: the node can be reached all the same.
        sys.stderr.write(f"{record} cannot be kept: {error}\n")


def _check_machine(key: str) -> None:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        raise ReachError(MACHINE, f"not in the PATH of this machine: {', '.join(missing)}")
    if key and not Path(key).is_file():
        raise ReachError(MACHINE, f"there is no public key {key}")


def _let_key_in(options: argparse.Namespace) -> None:
    finished = subprocess.run(
        [
            *("aws", "ec2-instance-connect", "send-ssh-public-key", "--region", options.region),
            *("--instance-id", options.instance, "--instance-os-user", options.user),
            *("--ssh-public-key", f"file://{options.key}"),
        ],
        stdin=subprocess.DEVNULL,
        # Standard output is ssh's.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if finished.returncode:
        raise ReachError(KEY, _said(finished.stderr, finished.returncode))


def _hold_session(options: argparse.Namespace) -> None:
    process: subprocess.Popen[str] | None = None
    is_ended = False

    def end(_number: int, _frame: object) -> None:
        nonlocal is_ended
        is_ended = True
        if process is not None:
            # Not the same signal: what ssh ends its proxy by may be ignored, as below nohup.
            process.terminate()

    # ssh ends its proxy by a signal, which may come before the session is there.
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    process = subprocess.Popen(
        [
            *("aws", "ssm", "start-session", "--region", options.region, "--target", options.instance),
            *("--document-name", "AWS-StartSSHSession", "--parameters", f"portNumber={options.port}"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if is_ended:
        process.terminate()
    said = ""
    for line in process.stderr or ():
        said = (said + line)[-_KEPT_CHARACTERS:]
    status = process.wait()
    # Where a signal ended it, ssh wanted that.
    if status > 0 and not is_ended:
        raise ReachError(SESSION, _said(said, status))


def _said(text: str, status: int) -> str:
    """Return what a program said in one line, or its exit status where it said nothing."""
    return " ".join(text.split())[-_KEPT_CHARACTERS:] or f"the AWS command line ended with status {status}"


def _write(path: Path, record: dict[str, str]) -> None:
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(record))
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
