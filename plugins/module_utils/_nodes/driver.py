# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a node's NVIDIA driver, and what is wrong with it in words.

The packages' scriptlets swallow dkms's failures: dnf succeeds although no module was built. So what counts is the
module for the running kernel, and how many GPUs the driver reports.

Runs on a node's own Python, 3.9.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from .._errors import FarmError
from .commands import run

# nvidia-smi waits for ever for a GPU that has fallen off the bus.
_SECONDS = 60
_LOG_LINES = 20
_UNIT_FOLDERS = ("usr/lib/systemd/system", "etc/systemd/system")


@dataclass(frozen=True)
class Driver:
    """What was found.

    Attributes:
        kernel: the running kernel's release.
        module_version: of the module for that kernel; empty where there is none.
        gpus: what nvidia-smi lists, one name each.
        has_tool: whether there is an nvidia-smi.
        tool_answer: what nvidia-smi said when it failed.
        has_daemon: whether there is a unit nvidia-persistenced.
        has_source: whether a package has left the module's source for dkms to build.
        make_log: file and end of dkms's newest build log; empty where there is none.
    """

    kernel: str
    module_version: str
    gpus: tuple[str, ...]
    has_tool: bool
    tool_answer: str
    has_daemon: bool
    has_source: bool
    make_log: str

    @property
    def is_installed(self) -> bool:
        """Whether module and tool are there, whatever they do."""
        return bool(self.module_version) and self.has_tool

    def problem(self, expected_gpus: int) -> str:
        """Return what is wrong and what to do, or an empty string where exactly so many GPUs work."""
        if not self.module_version:
            return self._missing_module()
        if not self.has_tool:
            return "There is no nvidia-smi, although the NVIDIA module is installed: install the driver again."
        if self.tool_answer:
            return (
                f"The NVIDIA module {self.module_version} for kernel {self.kernel} is installed, but the driver does "
                f"not answer: {self.tool_answer} See `journalctl -k --grep NVRM`; reboot the node after an update."
            )
        if len(self.gpus) != expected_gpus:
            return (
                f"The driver reports {len(self.gpus)} GPUs, not {expected_gpus}: {', '.join(self.gpus) or 'none'}. See "
                "`journalctl -k --grep NVRM` for a GPU that is lost (then stop and start the instance), or correct the "
                "expected number for this instance type."
            )
        return ""

    def _missing_module(self) -> str:
        missing = f"there is no NVIDIA module for the running kernel {self.kernel}"
        if not self.has_source:
            return f"The driver is not installed: {missing}."
        reason = f"The end of {self.make_log}" if self.make_log else f"See `dkms autoinstall -k {self.kernel}`."
        return f"dkms failed although dnf succeeded: {missing}. {reason}"


def look(root: Path = Path("/")) -> Driver:
    """Return the state of this machine's driver.

    Args:
        root: what dkms's logs and systemd's units are below.

    Raises:
        FarmError: the running kernel's name cannot be had.
    """
    status, release = _run("uname", "-r")
    if status != 0:
        raise FarmError(f"uname -r failed: {release}")
    status, version = _run("modinfo", "-k", release, "-F", "version", "nvidia")
    has_tool = shutil.which("nvidia-smi") is not None
    tool_status, listing = _run("nvidia-smi", "--query-gpu=name", "--format=csv,noheader") if has_tool else (0, "")
    return Driver(
        kernel=release,
        module_version=version if status == 0 else "",
        gpus=tuple(listing.splitlines()) if tool_status == 0 else (),
        has_tool=has_tool,
        tool_answer=(listing or f"status {tool_status}.") if tool_status else "",
        has_daemon=any((root / folder / "nvidia-persistenced.service").exists() for folder in _UNIT_FOLDERS),
        has_source=any(root.glob("usr/src/nvidia*/dkms.conf")),
        make_log=_make_log(root / "var/lib/dkms"),
    )


def _run(*command: str) -> tuple[int, str]:
    return run(list(command), _SECONDS)


def _make_log(folder: Path) -> str:
    """Return name and end of the newest log of building a module of NVIDIA; an empty string where there is none."""
    logs = [path for path in folder.glob("nvidia*/**/make.log") if path.is_file()]
    if not logs:
        return ""
    newest = max(logs, key=lambda path: path.stat().st_mtime)
    lines = newest.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    return "\n".join([f"{newest}:", *lines])
