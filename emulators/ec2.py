# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto as a local EC2 whose instances are still there after a restart."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from emulators.process import LOOPBACK, ServerProcess, free_ports


class Ec2Server(ServerProcess):
    """A context manager: EC2, SSM, IAM and STS on a free loopback port.

    moto keeps its world in memory. What changed it is recorded below ``folder`` and replayed at the
    next start (see :mod:`emulators.ec2_server`).
    """

    def __init__(self, folder: Path) -> None:
        (port,) = free_ports(1)
        self.endpoint_url = f"http://{LOOPBACK}:{port}"
        recording = folder.absolute() / "requests.jsonl"
        super().__init__(
            [sys.executable, "-m", "emulators.ec2_server", "--port", str(port), "--recording", str(recording)],
            f"{self.endpoint_url}/moto-api/",
            folder / "ec2.log",
            {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[1]), "AWS_EC2_METADATA_DISABLED": "true"},
        )
