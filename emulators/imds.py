# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's instance metadata service on loopback: sessions by token only (IMDSv2), and notices on demand.

Paths and answers are those of the EC2 User Guide, "Spot Instance interruption notices", "Scheduled events for your
instances" and "Instance identity documents", and of Auto Scaling's, "Retrieve the target lifecycle state".
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from uuid import uuid4

from emulators.process import LOOPBACK

_TOKEN_PATH = "/latest/api/token"
_SPOT_PATH = "/latest/meta-data/spot/instance-action"
_EVENTS_PATH = "/latest/meta-data/events/maintenance/scheduled"
_IDENTITY_PATH = "/latest/dynamic/instance-identity/document"
_GROUP_STATE_PATH = "/latest/meta-data/autoscaling/target-lifecycle-state"
_LIFE_CYCLE_PATH = "/latest/meta-data/instance-life-cycle"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_PUT(self) -> None:
        """Give a token."""
        if self.path != _TOKEN_PATH or not self.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            self._answer(400, "")
            return
        self.server.token = uuid4().hex
        self._answer(200, self.server.token)

    def do_GET(self) -> None:
        """Answer those who have the token."""
        self.server.requests.append(self.path)
        if self.server.token is None or self.headers.get("X-aws-ec2-metadata-token") != self.server.token:
            self._answer(401, "")
        elif self.path == _SPOT_PATH and self.server.spot_action is not None:
            self._answer(200, json.dumps(self.server.spot_action))
        elif self.path == _EVENTS_PATH:
            self._answer(200, json.dumps(self.server.events))
        elif self.path == _IDENTITY_PATH and self.server.identity is not None:
            self._answer(200, json.dumps(self.server.identity))
        elif self.path == _GROUP_STATE_PATH and self.server.group_state is not None:
            self._answer(200, self.server.group_state)
        elif self.path == _LIFE_CYCLE_PATH:
            self._answer(200, self.server.life_cycle)
        else:
            self._answer(404, "")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


class _Server(ThreadingHTTPServer):
    token: str | None = None
    spot_action: dict[str, str] | None = None
    identity: dict[str, str] | None = None
    life_cycle: str = "on-demand"
    group_state: str | None = None

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.events: list[dict[str, str]] = []
        self.requests: list[str] = []


class ImdsServer:
    """A context manager: the service while the context lasts, in a thread of this process."""

    def __init__(self) -> None:
        self._server = _Server()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.endpoint_url = f"http://{LOOPBACK}:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def requests(self) -> list[str]:
        """The paths that were asked for."""
        return list(self._server.requests)

    def interrupt(self, action: str, time: str) -> None:
        """Announce the end of a spot instance, as in ``terminate``, ``2026-11-24T12:00:00Z``."""
        self._server.spot_action = {"action": action, "time": time}

    def schedule(self, **event: str) -> None:
        """Announce an event, with the fields that EC2 gives it: Code, NotBefore, State and others."""
        self._server.events.append(event)

    def identify(self, document: dict[str, str], *, spot: bool = False) -> None:
        """Say which instance it is, with the fields of its identity document: instanceId, pendingTime and others."""
        self._server.identity = document
        self._server.life_cycle = "spot" if spot else "on-demand"

    def decide(self, state: str) -> None:
        """Say what the instance's Auto Scaling group has decided of it, as in ``InService`` or ``Terminated``."""
        self._server.group_state = state

    def forget_token(self) -> None:
        """Let the token be invalid, as after its time."""
        self._server.token = None
