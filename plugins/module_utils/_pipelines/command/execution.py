# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a command for one document, and ending all that it leaves."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from ..._children.bundle import without_bundle
from ..._children.descendants import children_of
from ..._children.lifetime import die_with_parent
from ..._children.owner import memory_kills
from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure

_TAIL_BYTES = 1500
_BLOCK_BYTES = 1 << 16
# What a driver holds in the kernel ends when that lets it.
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.005


def run_command(command: list[str], folder: Path) -> None:
    """Run the command to its end, and end what it has started, in whatever session.

    What it says goes to this process's standard error as it comes. This process has one thread, and is the one that
    orphans come to (:func:`adopt_orphans`).

    Args:
        command: what to run, with its arguments.
        folder: where.

    Raises:
        DocumentFailure: it cannot be run, or does not end with status 0; ``out_of_memory`` where the kernel has killed
            a process meanwhile.
    """
    others = children_of(os.getpid())
    kills = memory_kills()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=without_bundle(os.environ),
            start_new_session=True,
            # The worker has one thread, so running Python between fork and exec is safe.
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )
    except OSError as error:
        raise DocumentFailure(FailureClass.PIPELINE, f"{command[0]} cannot be run: {error}") from error
    with process:
        tail = _pass_on_until_end(process, others)
    status = process.returncode
    if not status:
        return
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
    # It may be another worker's that was killed: then this document is tried once more for nothing.
    failure_class = FailureClass.OUT_OF_MEMORY if memory_kills() > kills else FailureClass.PIPELINE
    why = ", when the kernel killed for want of memory" if failure_class is FailureClass.OUT_OF_MEMORY else ""
    raise DocumentFailure(failure_class, f"the command {how}{why}. {tail.decode(errors='replace').strip()}")


def _pass_on_until_end(process: subprocess.Popen[bytes], others: Collection[int]) -> bytes:
    """Wait for the command while passing on its standard error; return the end of that."""
    errors = process.stderr
    if errors is None:
        raise AssertionError("it was started with a pipe")
    os.set_blocking(errors.fileno(), False)
    ended = os.pidfd_open(process.pid)
    tail = b""
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(errors, selectors.EVENT_READ)
            selector.register(ended, selectors.EVENT_READ)
            # Not until the end of the pipe: what the command has left may hold it open.
            while not any(key.fd == ended for key, _events in selector.select()):
                block = _read(errors.fileno())
                if not block:
                    selector.unregister(errors)
                    selector.select()
                    break
                tail = _pass_on(block, tail)
    finally:
        os.close(ended)
    process.wait()
    # It would hold memory, and write where it must not.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    end_children(others)
    while block := _read(errors.fileno()):
        tail = _pass_on(block, tail)
    sys.stderr.buffer.flush()
    return tail


def _read(descriptor: int) -> bytes:
    """Return what can be read now; nothing at the end or where there is nothing yet."""
    try:
        return os.read(descriptor, _BLOCK_BYTES)
    except BlockingIOError:
        return b""


def _pass_on(block: bytes, tail: bytes) -> bytes:
    sys.stderr.buffer.write(block)
    return (tail + block)[-_TAIL_BYTES:]


def end_children(others: Collection[int]) -> None:
    """Kill this process's children but ``others``; those that come here when their parent ends, too."""
    deadline = time.monotonic() + _END_SECONDS
    while left := set(children_of(os.getpid())).difference(others):
        for process_id in left:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(process_id, os.WNOHANG)
        if time.monotonic() > deadline:
            return
        time.sleep(_LOOK_SECONDS)
