# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto as a local EC2 whose instances are still there after a restart."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from emulators.process import LOOPBACK, ServerProcess, free_ports


class Ec2Server(ServerProcess):
    """A context manager: EC2, SSM, IAM, STS, Service Quotas and Secrets Manager on a free loopback port.

    moto keeps its world in memory. What changed it is recorded below ``folder`` and replayed at the
    next start (see :mod:`emulators.ec2_server`).
    """

    def __init__(self, folder: Path) -> None:
        (port,) = free_ports(1)
        self.endpoint_url = f"http://{LOOPBACK}:{port}"
        self.recording = folder.absolute() / "requests.jsonl"
        self._limits = folder.absolute() / "limits.json"
        super().__init__(
            [
                *(sys.executable, "-m", "emulators.ec2_server", "--port", str(port)),
                *("--recording", str(self.recording), "--limits", str(self._limits)),
            ],
            f"{self.endpoint_url}/moto-api/",
            folder / "ec2.log",
            {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[1]), "AWS_EC2_METADATA_DISABLED": "true"},
        )

    def limit(
        self,
        *,
        vcpus: int | None = None,
        zones: Mapping[str, int] | None = None,
        offline: Collection[str] = (),
        ended: str = "",
    ) -> None:
        """Set the limits that hold from the next request on.

        Args:
            vcpus: of every vCPU quota; ``None`` for enough.
            zones: how many instances a zone takes; one that is not named takes any number.
            ended: why EC2 ends each instance at its launch; empty where it does not.
            offline: instances whose agent has not registered with Systems Manager; all others that run have.
        """
        limits: dict[str, object] = {"zones": dict(zones or {}), "offline": list(offline), "ended": ended}
        if vcpus is not None:
            limits["vcpus"] = vcpus
        self._limits.write_text(json.dumps(limits))
