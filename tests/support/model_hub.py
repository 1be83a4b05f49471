# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model hub on loopback: what its API says of a revision, and its files; and a list of weights that names some."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import encode
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import (
    Repository,
    Source,
    WeightFile,
    WeightsList,
)

COMMIT = "1234567890abcdef1234567890abcdef12345678"
LAYOUT = b"the layout's numbers" * 1000
CONFIG = b'{"classes": 17}'


def sha256(body: bytes) -> str:
    """Return the digest as lists have it."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def git_blob(body: bytes) -> str:
    """Return the digest that git has of it, as lists have it."""
    return f"git:{hashlib.sha1(b'blob %d' % len(body) + bytes(1) + body).hexdigest()}"  # noqa: S324 - git's


def npm_package(file: str, body: bytes) -> bytes:
    """Return a package of npm that has this file."""
    package = io.BytesIO()
    with tarfile.open(fileobj=package, mode="w:gz") as archive:
        member = tarfile.TarInfo(f"package/{file}")
        member.size = len(body)
        archive.addfile(member, io.BytesIO(body))
    return package.getvalue()


@dataclass
class Hub:
    """What the server has.

    Attributes:
        url: its address.
        files: content by path, as in ``org/model/resolve/<commit>/model.safetensors``.
        failures: how often the next requests fail.
        broken: how often the next answers break off in their middle.
        asked: every path that was asked for.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    failures: int = 0
    broken: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def endpoints(self) -> dict[Source, str]:
        """Return the addresses of sources, all here."""
        return dict.fromkeys(Source, self.url)

    def answer(self, path: str) -> bytes | None:
        """Return what is at a path."""
        if path.startswith("api/models/"):
            repo, revision = path.removeprefix("api/models/").split("/revision/")
            return self._describe(repo) if revision in ("main", "v2.2.0", COMMIT) else None
        return self.files.get(path)

    def _describe(self, repo: str) -> bytes:
        start = f"{repo}/resolve/{COMMIT}/"
        siblings: list[dict[str, Any]] = []
        for path, body in self.files.items():
            if path.startswith(start):
                sibling: dict[str, Any] = {"rfilename": path.removeprefix(start), "size": len(body)}
                if path.endswith(".safetensors"):
                    sibling["lfs"] = {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
                siblings.append(sibling)
        return json.dumps({"sha": COMMIT, "siblings": siblings}).encode()


@contextmanager
def serving() -> Iterator[Hub]:
    """Have a hub that has the layout model and its configuration."""
    start = f"docling-project/layout/resolve/{COMMIT}/"
    hub = Hub(files={f"{start}model.safetensors": LAYOUT, f"{start}config.json": CONFIG})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            hub.asked.append(path)
            body = hub.answer(path)
            status = 200 if body is not None else 404
            if hub.failures:
                hub.failures -= 1
                status, body = 503, b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            sent = body or b""
            if hub.broken:
                hub.broken -= 1
                sent = sent[: len(sent) // 2]
            self.wfile.write(sent)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()


def layout(*, pinned: bool = True) -> Repository:
    """Return the layout model of the hub."""
    return Repository(
        source=Source.HUB,
        repo="docling-project/layout",
        revision=COMMIT if pinned else "main",
        used_by=("glossapi",),
        cached_as="ds4sd/layout",
        reference="main",
        files=(
            WeightFile("model.safetensors", sha256(LAYOUT) if pinned else "", len(LAYOUT) if pinned else None),
            WeightFile("config.json", sha256(CONFIG) if pinned else "", len(CONFIG) if pinned else None),
        ),
    )


def a_list(*repositories: Repository) -> WeightsList:
    """Return a list of these, or of the layout model alone."""
    return WeightsList(repositories or (layout(),))


def stored(weights: WeightsList) -> bytes:
    """Return the content of a list's file."""
    return encode(weights.to_fields(), indent=1)
