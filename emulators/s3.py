# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SeaweedFS as a local S3 that keeps its objects on disk and checks signatures."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from emulators.process import LOOPBACK, ServerProcess, free_ports

ACCESS_KEY = "local-access-key"
SECRET_KEY = "local-secret-key"
REGION = "us-east-1"
# Every port of its services: one left at its default would collide with a second server.
_PORT_OPTIONS = (
    "s3.port",
    "s3.port.grpc",
    "s3.port.iceberg",
    "s3.port.lance",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "admin.port",
    "admin.port.grpc",
)


class S3Server(ServerProcess):
    """A context manager: an S3 endpoint on a free loopback port, its data below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        ports = dict(zip(_PORT_OPTIONS, free_ports(len(_PORT_OPTIONS)), strict=True))
        self.endpoint_url = f"http://{LOOPBACK}:{ports['s3.port']}"
        super().__init__(
            [
                _executable("weed"),
                "mini",
                f"-dir={self._folder / 'data'}",
                f"-ip={LOOPBACK}",
                f"-ip.bind={LOOPBACK}",
                f"-s3.config={self._folder / 's3.json'}",
                "-webdav=false",
                "-admin.ui=false",
                "-master.telemetry=false",
                *(f"-{option}={port}" for option, port in ports.items()),
            ],
            self.endpoint_url,
            self._folder / "s3.log",
            {"PATH": os.defpath, "HOME": str(self._folder)},
        )

    def start(self, timeout_seconds: float = 600) -> None:
        """Start the server with one identity that may do everything (see :meth:`ServerProcess.start`)."""
        (self._folder / "data").mkdir(parents=True, exist_ok=True)
        identity = {
            "name": "local",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        super().start(timeout_seconds)


def _executable(name: str) -> str:
    """Return the program ``name`` of this interpreter's environment.

    Raises:
        RuntimeError: it is not installed there.
    """
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise RuntimeError(f"{name} is not installed beside {sys.executable}: run `make demo`.")
    return found
