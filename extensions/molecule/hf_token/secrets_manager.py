# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Secrets Manager on a test node: GetSecretValue of one secret, from a file."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_NAME = "glossapi-farm/hf-token"
_SECRET = Path("/usr/share/secrets_manager/token")


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer as Secrets Manager's JSON protocol does."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wanted = (self.headers["X-Amz-Target"], request.get("SecretId"))
        if wanted == ("secretsmanager.GetSecretValue", _NAME):
            status, answer = 200, {"Name": _NAME, "SecretString": _SECRET.read_text(encoding="utf-8")}
        else:
            status, answer = 400, {"__type": "ResourceNotFoundException", "Message": "there is no such secret"}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", 4566), _Handler).serve_forever()
