# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata service of an instance of the fleet: says which one it is, and gives a spot notice at SIGUSR1.

Arguments: the instance's id, and the file that tells other services where it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from emulators.imds import ImdsServer

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def main() -> None:
    """Serve until this process is ended."""
    name, told = sys.argv[1:]
    with ImdsServer() as service:
        service.identify(
            {
                "instanceId": name,
                "instanceType": "g5.12xlarge",
                "availabilityZone": "us-east-1a",
                "pendingTime": datetime.now(UTC).strftime(_TIME),
            },
            spot=True,
        )

        def give_notice(*_signal: object) -> None:
            service.interrupt("terminate", (datetime.now(UTC) + timedelta(minutes=2)).strftime(_TIME))

        signal.signal(signal.SIGUSR1, give_notice)
        Path(told).write_text(f"AWS_EC2_METADATA_SERVICE_ENDPOINT={service.endpoint_url}\n")
        subprocess.run(["/usr/bin/systemd-notify", "--ready"], check=True, env=os.environ)
        while True:
            signal.pause()


main()
