# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that keeps one node up: it boots the node again whenever the node reboots."""

from __future__ import annotations

import json
import subprocess
import sys

from emulators.nodes.bridge import remove_link

# systemd-nspawn(1), exit status: the container asked to be rebooted.
_REBOOT = 133


def keep(machine: str, command: list[str]) -> int:
    """Run ``command``, which boots ``machine``, until it ends otherwise than with a reboot; return its status."""
    while True:
        # The kernel removes a node's link some time after the node: a quick reboot may still find it.
        remove_link(f"vb-{machine}")
        status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
        if status != _REBOOT:
            return status


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1], json.load(sys.stdin)))
