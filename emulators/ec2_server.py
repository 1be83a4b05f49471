# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process behind :class:`emulators.ec2.Ec2Server`: moto with a memory.

The requests that change anything are recorded and replayed at the next start. They name the default
network, so that its ids are drawn from a seeded generator.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import signal
import threading
from pathlib import Path
from urllib.parse import parse_qs

import boto3

from emulators.process import LOOPBACK, free_ports
from emulators.s3 import REGION

_SEED = 20261124
_READING = ("Describe", "Get", "List", "AssumeRole")


def changes_something(entry: str) -> bool:
    """Return whether a recorded request (a line of JSON) is one that alters the emulated account."""
    request = json.loads(entry)
    body = request["body"] or ""
    if request["body_encoded"]:
        body = base64.b64decode(body).decode("utf-8", "replace")
    headers = {name.lower(): value for name, value in request["headers"].items()}
    # Query protocol names the action in the form, JSON protocol in a header.
    action = headers.get("x-amz-target", "").rpartition(".")[2] or parse_qs(body).get("Action", [""])[0]
    return bool(action) and not action.startswith(_READING)


def main() -> None:
    """Serve until a SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--recording", type=Path, required=True)
    arguments = parser.parse_args()

    recording: Path = arguments.recording
    recording.parent.mkdir(parents=True, exist_ok=True)
    lines = recording.read_text().splitlines() if recording.exists() else []
    recording.write_text("".join(f"{line}\n" for line in lines if changes_something(line)))
    os.environ["MOTO_RECORDER_FILEPATH"] = str(recording)

    # After the environment is set: moto reads it when it is imported.
    from moto.moto_api import recorder
    from moto.moto_api._internal import mock_random
    from moto.server import ThreadedMotoServer

    mock_random.seed(_SEED)
    # The world is rebuilt behind a port nobody knows: who gets an answer on the given one finds it whole.
    (private_port,) = free_ports(1)
    rebuilding = ThreadedMotoServer(LOOPBACK, private_port, verbose=False)
    rebuilding.start()
    _create_default_network(f"http://{LOOPBACK}:{private_port}")
    recorder.replay_recording(target_host=f"http://{LOOPBACK}:{private_port}")
    rebuilding.stop()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    recorder.start_recording()
    server = ThreadedMotoServer(LOOPBACK, arguments.port, verbose=False)
    server.start()
    stop.wait()
    server.stop()


def _create_default_network(endpoint: str) -> None:
    """Ask for the networks once: moto makes the default ones, and draws their ids, at the first request."""
    client = boto3.client(
        "ec2", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="local", aws_secret_access_key="local"
    )
    client.describe_vpcs()


if __name__ == "__main__":
    main()
