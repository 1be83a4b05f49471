# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor as ``glossapi-shard@<n>.service``, the unit of the role shard_worker.

systemd starts it at boot, and again when it fails. A trial's, ``glossapi-smoke@<n>.service``, has the same sandbox,
and nothing else starts it. This part writes what the unit runs, the configuration and the library, and enables,
starts, disables and stops it: the service user may do these four things, by sudo, and no more.
"""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from pathlib import Path

from ..._children.bundle import link_bundle, write_bundle
from ..._errors import FarmError
from ..._s3.connection import Connection
from ..config import RunConfig
from ..layout import Layout
from ..worker import main as worker
from . import service

TEMPLATE = Path("/etc/systemd/system/glossapi-shard@.service")
SHARD, TRIAL = "glossapi-shard", "glossapi-smoke"
# Exists where systemd runs the machine (sd_booted(3)).
BOOTED = Path("/run/systemd/system")
_PROPERTIES = (
    "ActiveState",
    "LoadState",
    "RequiresMountsFor",
    "SubState",
    "TimeoutStopUSec",
    "UnitFileState",
    "User",
    "WorkingDirectory",
)
# systemd.time(7), as far as `systemctl show` writes them.
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "min": 60, "s": 1, "ms": 0.001, "us": 0.000001}
_REPAIR = "Run configure.yml with --tags shard_worker."


def is_installed() -> bool:
    """Whether this machine runs its shards as services."""
    return BOOTED.is_dir() and TEMPLATE.exists()


class SystemdSupervisor:
    """The service of one shard on this machine, whether it runs or not.

    Args:
        layout: where the shard keeps its files.
        name: of the service's template, ``SHARD`` or ``TRIAL``.
    """

    poll_seconds = 2.0

    def __init__(self, layout: Layout, name: str = SHARD) -> None:
        self._layout = layout
        self._resumes = name == SHARD
        self.unit = f"{name}@{layout.shard}.service"

    def is_running(self) -> bool:
        """Whether the service runs, or systemd is about to start it again."""
        return _is_active(self._show())

    def is_up(self) -> bool:
        """Whether the service runs: not so while systemd pauses before it starts it again."""
        unit = self._show()
        return _is_active(unit) and unit["SubState"] != "auto-restart"

    def has_to_stop(self) -> bool:
        """Whether :meth:`stop` would change anything."""
        unit = self._show()
        return _is_active(unit) or _is_enabled(unit)

    def start(self, config: RunConfig, connection: Connection) -> bool:
        """Start the service, a shard's at each boot, too, unless it runs; return whether this did.

        Raises:
            FarmError: the unit does not fit what is asked for, its disk is not mounted, or systemd does not start it.
        """
        unit = self._show()
        if _is_active(unit):
            return False
        self._check(unit, config, connection)
        self._layout.create()
        self._layout.progress.unlink(missing_ok=True)
        config.save(self._layout.config)
        bundle = write_bundle([service.__name__, worker.__name__], self._layout.bundles)
        link_bundle(bundle, self._layout.bundle)
        if self._resumes:
            self._change("enable")
        self._change("start")
        return True

    def stop(self, grace_seconds: float) -> bool:
        """Stop the service and keep it from starting at boot; return whether anything was to do.

        systemd kills it after the unit's own time, which :meth:`start` has compared with the supervisor's.
        """
        unit = self._show()
        if _is_enabled(unit):
            self._change("disable")
        if _is_active(unit):
            self._change("stop", max(grace_seconds, seconds(unit["TimeoutStopUSec"])))
        return _is_active(unit) or _is_enabled(unit)

    def log_tail(self) -> str:
        """Return the end of the log, where systemd's own words are, and whether it goes on trying."""
        tail = f"{self._layout.log_tail()} (More: journalctl --unit {self.unit})"
        return f"{tail} systemd starts it again until it is stopped (state: stopped)." if self.is_running() else tail

    def _check(self, unit: dict[str, str], config: RunConfig, connection: Connection) -> None:
        if connection.access_key:
            raise FarmError(
                f"Shard {config.shard} runs as {self.unit}, which must find its credentials by itself after a reboot, "
                "and keys given to the module are written nowhere: remove them. Use the instance's profile, or "
                f"~{unit['User']}/.aws/credentials."
            )
        if unit["LoadState"] != "loaded":
            raise FarmError(f"There is no {self.unit} (systemd says {unit['LoadState']}). {_REPAIR}")
        if unit["User"] != pwd.getpwuid(os.geteuid()).pw_name:
            raise FarmError(f"{self.unit} runs as {unit['User']}: run this as that user (become_user).")
        if unit["WorkingDirectory"] != config.workdir:
            raise FarmError(f"{self.unit} works in {unit['WorkingDirectory']}, not in {config.workdir}. {_REPAIR}")
        if seconds(unit["TimeoutStopUSec"]) < config.grace_seconds:
            raise FarmError(
                f"{self.unit} is killed {seconds(unit['TimeoutStopUSec']):.0f} s after a request to stop, before "
                f"grace_seconds ({config.grace_seconds:.0f}) are over. {_REPAIR}"
            )
        # The unit's list also has the work directory itself, and what its private /tmp needs.
        mounts = [Path(path) for path in unit["RequiresMountsFor"].split() if self._layout.workdir.is_relative_to(path)]
        if not any(path.is_mount() for path in mounts):
            raise FarmError(
                f"No disk is mounted for {config.workdir}, and {self.unit} does not write to the root file system: "
                "run configure.yml with --tags nvme."
            )

    def _show(self) -> dict[str, str]:
        """Return the unit's properties; systemd takes seconds and more only when it is stuck."""
        output = _run(["systemctl", "show", f"--property={','.join(_PROPERTIES)}", self.unit], 60)
        lines = (line.partition("=") for line in output.splitlines())
        return {name: value for name, _equals, value in lines}

    def _change(self, verb: str, wait_seconds: float = 0) -> None:
        """Have systemd do it; the sudoers file of the role shard_worker allows these words and no others."""
        _run(["sudo", "--non-interactive", "/usr/bin/systemctl", verb, self.unit], 120 + wait_seconds)


def seconds(span: str) -> float:
    """Return the length of a time span as ``systemctl show`` writes it: ``2min 30s``.

    Raises:
        FarmError: it is none.
    """
    if span == "infinity":
        return float("inf")
    total = 0.0
    for word in span.split():
        part = re.fullmatch(r"(\d+)([a-z]+)", word)
        if part is None or part[2] not in _SECONDS:
            raise FarmError(f"systemctl says {span!r}, which is no time span this knows.")
        total += int(part[1]) * _SECONDS[part[2]]
    return total


def _is_active(unit: dict[str, str]) -> bool:
    return unit["ActiveState"] not in ("inactive", "failed")


def _is_enabled(unit: dict[str, str]) -> bool:
    return unit["UnitFileState"] == "enabled"


def _run(command: list[str], timeout_seconds: float) -> str:
    try:
        finished = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FarmError(f"{' '.join(command)}: {error}") from error
    if finished.returncode != 0:
        said = (finished.stderr or finished.stdout).strip()
        raise FarmError(f"{' '.join(command)} failed with status {finished.returncode}: {said}")
    return finished.stdout
