# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a shard's supervisor into the state that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from ..._errors import FarmError
from ..._queue.sqs import Queue, queue_client
from ..._records.manifest import read_manifest
from ..._records.progress import BROKEN, Progress
from ..._s3.connection import Connection
from ..._s3.uri import S3Uri
from ..config import RunConfig
from ..layout import Layout
from ..work.selection import READERS, Selection, select
from . import systemd
from .detached import DetachedSupervisor, read_config

# Reading the markers of a large farm comes before the first progress.
_START_SECONDS = 600
# A stop's last progress and the end of its processes, beyond the documents' grace.
_STOP_SECONDS = 30


def supervisor_for(layout: Layout, service: str = systemd.SHARD) -> DetachedSupervisor | systemd.SystemdSupervisor:
    """Return the shard's service where the role shard_worker has installed its services, else its detached process.

    One that was detached before the role came is still driven as what it is.
    """
    detached = DetachedSupervisor(layout)
    if not systemd.is_installed():
        return detached
    supervisor = systemd.SystemdSupervisor(layout, service)
    return detached if detached.is_running() and not supervisor.is_running() else supervisor


class ShardControl:
    """One shard on this machine.

    Args:
        config: how it is to be processed.
        connection: how the supervisor is to reach S3, credentials included.
        service: name of the service that it is where services are installed.
    """

    def __init__(self, config: RunConfig, connection: Connection, service: str = systemd.SHARD) -> None:
        self._config = config
        self._connection = connection
        self._layout = Layout.of(config)
        self._supervisor = supervisor_for(self._layout, service)

    def select(self) -> Selection:
        """Return what a supervisor that starts now would do; of a queue, how many pieces wait or are in work.

        Raises:
            FarmError: the manifest, the markers or the queue cannot be read.
        """
        if self._config.queue:
            return Selection([], {}, self._queued(), 0, 0)
        client = self._connection.client(pool_size=READERS)
        inputs = self._config.input_connection(self._connection).client()
        documents = read_manifest(client, S3Uri.parse(self._config.manifests), self._config.shard)
        return select(client, inputs, self._config, documents)

    def _queued(self) -> int:
        queue = Queue(queue_client(self._connection, self._config.queue), self._config.queue)
        depth = queue.depth()
        # What was sent in the last minute may not be counted yet.
        return depth.visible + depth.in_flight + depth.delayed or queue.has_waiting()

    def is_running(self) -> bool:
        """Whether a supervisor works on the shard."""
        return self._supervisor.is_running()

    def require_same_options(self) -> None:
        """Check that a running supervisor does what is asked for.

        Raises:
            FarmError: it was started with other options, which are named, or by another version.
        """
        if not self.is_running():
            return
        try:
            running = read_config(self._layout.config)
        except FarmError as error:
            raise FarmError(
                f"Shard {self._config.shard} is being processed by another version of this collection. "
                "Stop it first (state: stopped); then it starts with this one."
            ) from error
        if running is None or running == self._config:
            return
        asked, has = asdict(self._config), asdict(running)
        changes = ", ".join(f"{name}: {has[name]!r} -> {asked[name]!r}" for name in asked if has[name] != asked[name])
        raise FarmError(
            f"Shard {self._config.shard} is being processed with other options ({changes}). "
            "Stop it first (state: stopped); then it starts with the new ones."
        )

    def start(self) -> bool:
        """Start the supervisor, unless one runs, and wait for its first heartbeat.

        Raises:
            FarmError: it ended before that; the message has the end of its log.
        """
        started = self._supervisor.start(self._config, self._connection)
        deadline = time.monotonic() + _START_SECONDS
        self._wait_while(lambda: not self._layout.progress.exists() and self._supervisor.is_up(), deadline)
        if not self._layout.progress.exists():
            raise FarmError(f"The supervisor of shard {self._config.shard} did not start: {self._log_tail()}")
        return started

    def wait(self, seconds: float) -> None:
        """Wait until the supervisor has finished the shard.

        Raises:
            FarmError: it goes on after ``seconds``, or it stopped, failed or died before it had finished.
        """
        self._wait_while(self.is_running, time.monotonic() + seconds)
        shard = f"Shard {self._config.shard}"
        if self.is_running():
            raise FarmError(f"{shard} is not finished after {seconds:.0f} s; it goes on. Run this again to wait on.")
        progress = self._read_progress()
        if progress is None or progress.state == "running":
            raise FarmError(f"The supervisor of shard {self._config.shard} died. {self._log_tail()}")
        if progress.state in ("failed", BROKEN):
            state = "is broken" if progress.state == BROKEN else "failed"
            raise FarmError(f"{shard} {state}: {progress.message} {self._log_tail()}")
        if progress.state == "stopped":
            left = "before its queue was empty" if self._config.queue else f"with {progress.pending} documents pending"
            raise FarmError(f"{shard} was stopped {left}: start it again.")

    def has_to_stop(self) -> bool:
        """Whether :meth:`stop` would change anything."""
        return self._supervisor.has_to_stop()

    def stop(self) -> bool:
        """Stop the supervisor within the grace time of its own options; return whether one ran."""
        grace_seconds = self._config.grace_seconds
        # Another version's configuration cannot be read; its supervisor can be stopped all the same.
        with suppress(FarmError):
            running = read_config(self._layout.config)
            grace_seconds = max(grace_seconds, running.grace_seconds if running else 0)
        return self._supervisor.stop(grace_seconds + _STOP_SECONDS)

    def progress(self) -> Progress | None:
        """Return the last supervisor's account on this machine; ``None`` where this version can read none."""
        with suppress(FarmError):
            return self._read_progress()
        return None

    def _read_progress(self) -> Progress | None:
        path = self._layout.progress
        return Progress.from_json(path.read_bytes(), str(path)) if path.exists() else None

    def _log_tail(self) -> str:
        return f"The end of {self._layout.log}: {self._supervisor.log_tail()}"

    def _wait_while(self, condition: Callable[[], bool], deadline: float) -> None:
        while condition() and time.monotonic() < deadline:
            time.sleep(self._supervisor.poll_seconds)
