# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.capacity import tell_no_room_at_once
from emulators.process import LOOPBACK

pytestmark = pytest.mark.server

_BODY = (
    "<Response><Errors><Error><Code>{}</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>"
)


class _Ec2(ThreadingHTTPServer):
    """Answers every request with HTTP 500 and one code."""

    def __init__(self, code: str) -> None:
        self.requests = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.requests += 1
                body = _BODY.format(code).encode()
                self.send_response(500)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing."""

        super().__init__((LOOPBACK, 0), Handler)

    def client(self) -> Any:
        return boto3.client(
            "ec2",
            endpoint_url=f"http://{LOOPBACK}:{self.server_port}",
            region_name="us-east-1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
        )


@pytest.fixture
def serve() -> Iterator[Callable[[str], _Ec2]]:
    servers: list[_Ec2] = []

    def start(code: str) -> _Ec2:
        server = _Ec2(code)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _launch(ec2: Any) -> str:
    with pytest.raises(ClientError) as refused:
        ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("code", "requests"), [("InsufficientInstanceCapacity", 1), ("Unsupported", 1), ("InternalError", 2)]
)
def test_no_room_is_told_at_once_and_a_fault_of_the_moment_is_tried_again(
    serve: Callable[[str], _Ec2], code: str, requests: int
) -> None:
    server = serve(code)
    ec2 = server.client()
    tell_no_room_at_once(ec2)
    assert _launch(ec2) == code
    assert server.requests == requests


def test_a_stopped_instance_without_room_is_told_at_once_too(serve: Callable[[str], _Ec2]) -> None:
    server = serve("InsufficientInstanceCapacity")
    ec2 = server.client()
    tell_no_room_at_once(ec2)
    with pytest.raises(ClientError):
        ec2.start_instances(InstanceIds=["i-1"])
    assert server.requests == 1


def test_botocore_by_itself_would_ask_again(serve: Callable[[str], _Ec2]) -> None:
    server = serve("InsufficientInstanceCapacity")
    _launch(server.client())
    assert server.requests == 2


def test_a_request_that_got_no_answer_is_botocore_s_to_try_again() -> None:
    ec2 = _Ec2("x")
    client = ec2.client()
    ec2.server_close()
    tell_no_room_at_once(client)
    with pytest.raises(Exception, match="Could not connect"):
        client.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)
