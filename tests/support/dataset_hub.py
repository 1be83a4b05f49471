# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Hugging Face hub on loopback, as far as a dataset is uploaded to it: repositories, large files, commits."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import urlsplit

TOKEN = "hf_the-token-that-may-write"
READER = "hf_the-token-that-may-read"


@dataclass
class Repository:
    """What it has at its newest commit.

    Attributes:
        private: whether only its owner sees it.
        files: content by path.
        commits: their ids, the first of the empty repository.
        parents: what each later commit was told to follow.
    """

    private: bool
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[str] = field(default_factory=lambda: [sha1(b"first", usedforsecurity=False).hexdigest()])
    parents: list[str] = field(default_factory=list)


@dataclass
class DatasetHub:
    """What the server has.

    Attributes:
        url: its address.
        repositories: by name.
        large: content of large files by SHA-256, also of those in no commit.
        sent: SHA-256 of each large file that was sent, in their order.
        refuse_after: large files after which it takes no more; ``None`` for never.
        refuse_uploads: status with which it refuses to be asked for an upload; ``None`` for not at all.
        commit_in_between: whether somebody else commits before the next commit.
    """

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    refuse_after: int | None = None
    refuse_uploads: int | None = None
    commit_in_between: bool = False


def is_large(path: str) -> bool:
    """Whether the hub keeps it outside of the repository, as its attributes say of new datasets."""
    return path.endswith((".zst", ".parquet"))


def blob(body: bytes) -> str:
    """Return git's digest."""
    return sha1(b"blob %d\x00" % len(body) + body, usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> DatasetHub:
        return cast("_Server", self.server).hub

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_known():
            return self._answer({"error": "Invalid credentials in Authorization header"}, 401)
        if path == "/api/whoami-v2":
            return self._answer({"name": "gfoss", "type": "user"})
        name, _, rest = path.removeprefix("/api/datasets/").partition("/tree/")
        repository = self.hub.repositories.get(name.partition("/revision/")[0])
        if repository is None:
            return self._missing()
        if rest:
            return self._answer([self._entry(path, body) for path, body in sorted(repository.files.items())])
        return self._answer({"id": name, "sha": repository.commits[-1], "private": repository.private})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if path == "/api/validate-yaml":
            return self._answer({"errors": [], "warnings": []})
        if not self._may_write():
            return self._answer({"error": "no right to write"}, 403)
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if path.endswith(".git/info/lfs/objects/batch"):
            return self._batch(json.loads(body))
        name, _, action = path.removeprefix("/api/datasets/").partition("/preupload/")
        if action:
            return self._preupload(json.loads(body))
        return self._commit(name.partition("/commit/")[0], [json.loads(line) for line in body.splitlines()])

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.hub.refuse_after is not None and len(self.hub.sent) >= self.hub.refuse_after:
            return self._answer({"error": "try later"}, 400)
        digest = sha256(body).hexdigest()
        if digest != self.path.rpartition("/")[2]:
            return self._answer({"error": "another content"}, 400)
        self.hub.sent.append(digest)
        self.hub.large[digest] = body
        return self._answer({})

    def _is_known(self) -> bool:
        return self.headers.get("Authorization") in (f"Bearer {TOKEN}", f"Bearer {READER}")

    def _may_write(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _answer(self, content: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _missing(self) -> None:
        self._answer({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")

    def _entry(self, path: str, body: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {"type": "file", "path": path, "size": len(body), "oid": blob(body)}
        if is_large(path):
            entry["lfs"] = {"oid": sha256(body).hexdigest(), "size": len(body), "pointerSize": 130}
        return entry

    def _create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        assert asked["type"] == "dataset"
        private = bool(asked.get("private") or asked.get("visibility") == "private")
        self.hub.repositories[name] = Repository(private)
        self._answer({"url": f"{self.hub.url}/datasets/{name}", "id": name})

    def _preupload(self, asked: dict[str, Any]) -> None:
        files = [
            {"path": each["path"], "uploadMode": "lfs" if is_large(each["path"]) else "regular", "shouldIgnore": False}
            for each in asked["files"]
        ]
        self._answer({"files": files})

    def _batch(self, asked: dict[str, Any]) -> None:
        if self.hub.refuse_uploads is not None:
            return self._answer({"error": "no such token any more"}, self.hub.refuse_uploads)
        objects = []
        for each in asked["objects"]:
            told = {"oid": each["oid"], "size": each["size"]}
            if each["oid"] not in self.hub.large:
                told["actions"] = {"upload": {"href": f"{self.hub.url}/large/{each['oid']}"}}
            objects.append(told)
        return self._answer({"transfer": "basic", "objects": objects})

    def _commit(self, name: str, lines: list[dict[str, Any]]) -> None:
        repository = self.hub.repositories[name]
        parent = lines[0]["value"]["parentCommit"]
        if self.hub.commit_in_between:
            repository.commits.append(sha1(b"theirs", usedforsecurity=False).hexdigest())
        if parent != repository.commits[-1]:
            return self._answer({"error": "A commit has happened since"}, 412)
        for line in lines[1:]:
            told = line["value"]
            if line["key"] == "deletedFile":
                del repository.files[told["path"]]
            elif line["key"] == "lfsFile":
                repository.files[told["path"]] = self.hub.large[told["oid"]]
            else:
                repository.files[told["path"]] = base64.b64decode(told["content"])
        repository.parents.append(parent)
        commit = sha1(str(len(repository.commits)).encode(), usedforsecurity=False).hexdigest()
        repository.commits.append(commit)
        return self._answer({"commitUrl": f"{self.hub.url}/datasets/{name}/commit/{commit}", "commitOid": commit})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: DatasetHub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub


@contextmanager
def dataset_hub() -> Iterator[DatasetHub]:
    """A hub without a repository."""
    hub = DatasetHub()
    with _Server(hub) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
