# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shards for tests of the runner: documents in a local S3, and a script that processes them."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import latest_states
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri, status_folder
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PREAMBLE = "import os, pathlib, sys\nuri, source, work = sys.argv[1:]\nname = pathlib.PurePath(uri).stem\n"
_WRITE = "pathlib.Path(work, 'out.md').write_text('text of ' + uri)\n"


@dataclass(frozen=True)
class TestShard:
    """A shard and what it takes to look at its results."""

    __test__ = False

    client: S3Client
    bucket: S3Uri
    config: RunConfig

    def cut(self, pages: Mapping[str, int]) -> None:
        """Upload a document for each key, and list them with their pages in the shard's manifest."""
        rows = ["uri,pages,bytes"]
        for key, count in pages.items():
            body = f"document {key}".encode()
            put_bytes(self.client, self.bucket.join(key), body, "application/pdf")
            rows.append(f"{self.bucket.join(key)},{count},{len(body)}")
        manifest = S3Uri.parse(self.config.manifests).join(f"shard_{self.config.shard}.csv")
        put_bytes(self.client, manifest, "\n".join(rows).encode() + b"\n", "text/csv")

    def with_script(self, before: str = "", **options: Any) -> TestShard:
        """Return this shard with a script that runs ``before``, then writes ``text of <uri>``.

        It knows the document as ``uri``, ``source`` (the local copy), ``work`` (its folder) and ``name``.
        """
        script = Path(self.config.workdir).parent / "script.py"
        script.write_text(_PREAMBLE + textwrap.dedent(before) + _WRITE)
        command = {"command": [sys.executable, "-I", str(script), "{uri}", "{input}", "{workdir}"]}
        return replace(self, config=replace(self.config, pipeline_options=command, **options))

    def states(self) -> dict[str, DocumentState]:
        """Return how each document ended, by key."""
        prefix = status_folder(self.config.results_uri)
        return latest_states(list_objects(self.client, prefix), prefix)

    def marker(self, key: str, state: DocumentState) -> Marker:
        """Return a document's marker."""
        uri = marker_uri(self.config.results_uri, key, state)
        return Marker.from_json(read_bytes(self.client, uri), str(uri))

    def text(self, key: str) -> str:
        """Return a document's Markdown."""
        return read_bytes(self.client, self.config.output_uri.join("markdown", f"{key}.md")).decode()


def make_shard(client: S3Client, bucket: S3Uri, connection: Connection, folder: Path) -> TestShard:
    """Return a shard whose documents a script processes, see :meth:`TestShard.with_script`."""
    config = a_config(
        manifests=str(bucket.join("shards")),
        results=str(bucket.join("results")),
        workdir=str(folder / "work"),
        pipeline="command",
        pipeline_options={},
        slots=("0", "1"),
        timeout_base=60,
        timeout_per_page=0,
        max_attempts=2,
        prefetch=4,
        grace_seconds=0,
        outage_seconds=5,
        region=connection.region,
        endpoint_url=connection.endpoint_url,
    )
    return TestShard(client, bucket, config).with_script()


def until(condition: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until the condition holds.

    Raises:
        AssertionError: it never did.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)
