# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine with two GPUs, as far as nvidia-smi and journalctl can tell."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

FATAL = "NVRM: Xid (PCI:0000:00:1c): 79, GPU has fallen off the bus."
RESTART = "NVRM: Xid (PCI:0000:00:1c): 31, MMU Fault"
OTHER = "NVRM: Xid (PCI:0000:00:1c): 63, Row remapper"
LISTING = "0, GPU-a, 00000000:00:1B.0, 1, 2, 3, 4\n1, GPU-b, 00000000:00:1C.0, 1, 2, 3, 4\n"


class GpuMachine:
    """Puts both programs first on the PATH; the Xids above are GPU 1's.

    Once a GPU is lost, nvidia-smi answers only when it is asked for the other alone.

    Attributes:
        kernel_log: what journalctl shows.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kernel_log = folder / "kernel.log"
        self.kernel_log.write_text("Linux version 6.1\n")
        self._calls = folder / "calls"
        self._calls.touch()
        self._lost = folder / "lost"
        listing = folder / "listing"
        listing.write_text(LISTING)
        self._install(
            folder / "nvidia-smi",
            f"""
            lost=$(cat {self._lost} 2>/dev/null)
            case $1 in
              --id=$lost) echo "Unable to determine the device handle for GPU"; exit 15 ;;
              --id=*) grep "^${{1#--id=}}," {listing} ;;
              *) [ -z "$lost" ] && cat {listing} || {{ echo "GPU is lost"; exit 15; }} ;;
            esac
            """,
        )
        self._install(folder / "journalctl", f"cat {self.kernel_log}")
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def _install(self, program: Path, script: str) -> None:
        program.write_text(f"#!/bin/sh\necho {program.name} >> {self._calls}\n{textwrap.dedent(script)}\n")
        program.chmod(0o755)

    def lose(self, gpu: int) -> None:
        """Let a GPU be gone."""
        self._lost.write_text(str(gpu))

    def log(self, line: str) -> None:
        """Let the kernel say something."""
        with self.kernel_log.open("a") as file:
            file.write(f"{line}\n")

    @property
    def calls(self) -> list[str]:
        """The programs that were run."""
        return self._calls.read_text().split()
