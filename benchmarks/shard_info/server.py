# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of S3 as reading a farm's state needs, with objects that are made up when they are asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection as Pipe
from urllib.parse import parse_qs, unquote, urlsplit

from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import HEADER

_PAGE = 1000
_NOW = "2026-11-24T00:00:00.000Z"
_PAGES = 60
_INPUTS = "openarchives/"
_MARKER = Marker(
    uri="s3://raw/x",
    etag="e",
    pages=_PAGES,
    seconds=1.0,
    attempts=2,
    shard=1,
    node="OpenArchive-Shard-1",
    gpu="0",
    pipeline="glossapi",
    options_hash="h",
    outputs=(),
    finished_at="2026-11-24T00:00:00+00:00",
)
_DONE = _MARKER.to_json()
_FAILED = replace(_MARKER, failure_class="timeout", message="took too long").to_json()


@dataclass(frozen=True)
class SyntheticFarm:
    """A finished farm in the bucket ``farm``: manifests below ``m``, results below ``r``; its inputs in ``raw``.

    Attributes:
        failed: so many of the documents failed, the others are done and have their Markdown.
    """

    documents: int
    shards: int
    failed: int

    def keys(self, prefix: str, start: int) -> tuple[list[str], int]:
        """Return a page of the keys below a prefix from document ``start`` on, and where the next page starts."""
        numbers = range(start, min(start + _PAGE, self.documents))
        if prefix.startswith(_INPUTS):
            return [_key(each) for each in numbers], numbers.stop
        if prefix.startswith("r/status/_"):
            return [], self.documents
        if prefix == "r/status/":
            keys = [f"r/status/{_key(each)}.{'failed' if each < self.failed else 'done'}" for each in numbers]
            return keys, numbers.stop
        shard = int(prefix.removeprefix("r/shard-").removesuffix("/markdown/"))
        first = max(start, self.failed)
        first += (shard - 1 - first) % self.shards
        numbers = range(first, min(first + _PAGE * self.shards, self.documents), self.shards)
        return [f"{prefix}{_key(each)}.md" for each in numbers], first + _PAGE * self.shards

    def body(self, key: str) -> bytes | None:
        """Return an object's body."""
        if key == "m/shard_summary.json":
            shards = [{"shard": number, "documents": 0, "pages": 0} for number in range(1, self.shards + 1)]
            counts = "s3://farm/m/counts.csv"
            return json.dumps({"shards": shards, "totals": {"documents": self.documents}, "counts": counts}).encode()
        if key == "m/counts.csv":
            return (
                HEADER + "".join(f"s3://raw/{_key(each)},1,e,{_PAGES},\n" for each in range(self.documents))
            ).encode()
        if key.startswith("m/shard_"):
            shard = int(key.removeprefix("m/shard_").removesuffix(".csv"))
            rows = (f"s3://raw/{_key(each)},{_PAGES},1\n" for each in range(shard - 1, self.documents, self.shards))
            return ("uri,pages,bytes\n" + "".join(rows)).encode()
        return {"failed": _FAILED, "done": _DONE}.get(key.rpartition(".")[2])


def _key(number: int) -> str:
    return f"{_INPUTS}{number:010d}/διδακτορική διατριβή.pdf"


def serve(farm: SyntheticFarm, ready: Pipe) -> None:
    """Serve until the process is ended; ``ready`` is told the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            key = unquote(address.path).removeprefix("/farm").lstrip("/")
            body = _listing(farm, query).encode() if "list-type" in query else farm.body(key)
            missing = body is None
            body = body or b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"
            self.send_response(404 if missing else 200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"e"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(f"http://127.0.0.1:{server.server_port}")
    server.serve_forever()


def _listing(farm: SyntheticFarm, query: dict[str, str]) -> str:
    if "delimiter" in query and query["prefix"] == "r/status/":
        # More folders than one answer holds: it is listed as one.
        return "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"
    if "delimiter" in query:
        folders = (f"{query['prefix']}{number}/" for number in range(1, farm.shards + 1))
        items = "".join(f"<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>" for folder in folders)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>"
    keys, following = farm.keys(query["prefix"], int(query.get("continuation-token", 0)))
    items = "".join(
        f"<Contents><Key>{key}</Key><LastModified>{_NOW}</LastModified><ETag>&quot;e&quot;</ETag><Size>9</Size></Contents>"
        for key in keys
    )
    more = following < farm.documents
    token = f"<NextContinuationToken>{following}</NextContinuationToken>" if more else ""
    return f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}{items}</ListBucketResult>"
