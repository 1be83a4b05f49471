# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor as a detached process: found by the lock it holds, started once, stopped by signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from ..._children.bundle import with_bundle, write_bundle
from ..._children.owner import kill_owned, owner_name
from ..._errors import FarmError
from ..._s3.connection import Connection
from ..config import RunConfig, child_environment
from ..layout import Layout
from ..worker import main as worker
from . import service
from .lock import POLL_SECONDS, is_locked, name_holder, take_lock
from .log_file import open_log

# Between taking the lock and writing the process id there is one fork.
_PROCESS_ID_SECONDS = 10


class DetachedSupervisor:
    """The supervisor of one shard on this machine, whether it runs or not."""

    poll_seconds = 0.5

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def is_running(self) -> bool:
        """Whether a supervisor holds the lock."""
        return is_locked(self._layout.lock)

    is_up = is_running
    has_to_stop = is_running

    def start(self, config: RunConfig, connection: Connection) -> bool:
        """Start the supervisor, unless one runs; return whether this did.

        The lock is taken here and handed to the child, so that of two calls at once only one starts it.
        """
        self._layout.create()
        descriptor = take_lock(self._layout.lock)
        if descriptor is None:
            return False
        try:
            self._layout.progress.unlink(missing_ok=True)
            config.save(self._layout.config)
            name_holder(descriptor, self._spawn(descriptor, child_environment(connection)))
        finally:
            os.close(descriptor)
        return True

    def stop(self, grace_seconds: float) -> bool:
        """Ask the supervisor to stop and wait; kill it when it does not; return whether one ran."""
        process = self._open_process()
        if process is None:
            return False
        try:
            signal.pidfd_send_signal(process, signal.SIGTERM)
            if not self._wait_until_gone(grace_seconds):
                signal.pidfd_send_signal(process, signal.SIGKILL)
                self._wait_until_gone(_PROCESS_ID_SECONDS)
                kill_owned(owner_name(self._layout.workdir, self._layout.shard))
        except ProcessLookupError:
            self._wait_until_gone(_PROCESS_ID_SECONDS)
        finally:
            os.close(process)
        return True

    def log_tail(self) -> str:
        """Return the end of the supervisor's log."""
        return self._layout.log_tail()

    def _spawn(self, lock: int, environment: dict[str, str]) -> int:
        bundle = write_bundle([service.__name__, worker.__name__], self._layout.bundles)
        descriptor = open_log(self._layout.log)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", service.__name__, str(self._layout.config), str(lock)],
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd=self._layout.workdir,
                env=with_bundle(bundle, environment),
                start_new_session=True,
                pass_fds=[lock],
            )
        finally:
            os.close(descriptor)
        # It is to outlive this object, which would warn about that.
        process.returncode = 0
        return process.pid

    def _open_process(self) -> int | None:
        """Return a descriptor of the running supervisor's process, or ``None`` where none runs."""
        deadline = time.monotonic() + _PROCESS_ID_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                raise FarmError(f"{self._layout.lock} is locked but names no process: look who holds it (lsof).")
            with suppress(ValueError, ProcessLookupError):
                process = os.pidfd_open(int(self._layout.lock.read_text()))
                # Opened before the lock is looked at again: so it is the one that holds it.
                if self.is_running():
                    return process
                os.close(process)
            time.sleep(POLL_SECONDS)
        return None

    def _wait_until_gone(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True


def read_config(path: Path) -> RunConfig | None:
    """Return what the supervisor was started with, or ``None`` where there never was one."""
    return RunConfig.load(path) if path.exists() else None
