# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""shard_manifest as an operator runs it: through Ansible, against a local S3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGES = {"a/report.pdf": 300, "b/report.pdf": 200, "μελέτη.pdf": 100, "c, d.pdf": 50}


@pytest.fixture
def counts(client: S3Client, bucket: S3Uri) -> S3Uri:
    """A page-count table in S3: four good documents and an encrypted one."""
    good = [CountRow(f"s3://raw/{key}", pages * 10, f"etag-{key}", pages, "") for key, pages in PAGES.items()]
    encrypted = CountRow("s3://raw/locked.pdf", 7, "etag", None, "encrypted: needs a password")
    uri = bucket.join("counts", "page_counts_master.csv")
    put_bytes(client, uri, write_table(sorted([*good, encrypted])), "text/csv")
    return uri


def run(repository: Path, home: Path, connection: Connection, *flags: str, **options: Any) -> dict[str, Any]:
    """Run the module with ``ansible localhost`` and return its result."""
    arguments = {"endpoint_url": connection.endpoint_url, "region": connection.region, **options}
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(repository / ".ansible" / "collections"),
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_LOCAL_TEMP": str(home / "tmp"),
        "LC_ALL": "C.UTF-8",
    }
    program = Path(sys.executable).with_name("ansible")
    command = [str(program), "localhost", "-i", "localhost,", "-c", "local", "-m", "glossapi.farm.shard_manifest"]
    command += ["-e", json.dumps({"ansible_python_interpreter": sys.executable}), "-a", json.dumps(arguments), *flags]
    answer = subprocess.run(
        command, env=environment, cwd=home, capture_output=True, text=True, timeout=120, check=False
    )
    try:
        result: dict[str, Any] = json.loads(answer.stdout)["plays"][0]["tasks"][0]["hosts"]["localhost"]
    except (ValueError, LookupError):
        pytest.fail(f"{answer.stdout}\n{answer.stderr}")
    return result


def test_ansible_cuts_shards_once_and_tells_in_check_mode_what_it_would_do(
    repository: Path, tmp_path: Path, connection: Connection, client: S3Client, bucket: S3Uri, counts: S3Uri
) -> None:
    manifests = bucket.join("manifests")
    options = {"counts": str(counts), "shards": 2, "output_prefix": str(manifests)}

    predicted = run(repository, tmp_path, connection, "--check", "--diff", **options)
    assert predicted["changed"] is True
    assert list(list_objects(client, manifests)) == []

    first = run(repository, tmp_path, connection, "--diff", **options)
    assert first["changed"] is True
    assert "skipped" not in first, "Ansible would show the task as skipped"
    assert first["files"] == predicted["files"]
    assert first["diff"] == predicted["diff"]
    assert json.loads(first["diff"]["after"])["totals"] == {"rows": 5, "documents": 4, "pages": 650, "bytes": 6500}
    assert (first["documents"], first["pages"], first["skipped_by_reason"]) == (4, 650, {"encrypted": 1})
    assert [shard["pages"] for shard in first["shards"]] == [350, 300]
    assert read_bytes(client, manifests.join("shard_1.txt")).decode() == "s3://raw/a/report.pdf\ns3://raw/c, d.pdf\n"
    assert read_bytes(client, manifests.join("shard_2.csv")).decode() == (
        "uri,pages,bytes\ns3://raw/b/report.pdf,200,2000\ns3://raw/μελέτη.pdf,100,1000\n"
    )

    second = run(repository, tmp_path, connection, **options)
    assert (second["changed"], second["files"]) == (False, [])


def test_a_rebalance_leaves_out_what_is_finished_and_gives_a_lost_shard_nothing(
    repository: Path, tmp_path: Path, connection: Connection, client: S3Client, bucket: S3Uri, counts: S3Uri
) -> None:
    put_bytes(client, marker_uri(bucket, "a/report.pdf", DocumentState.DONE), b"{}", "application/json")
    put_bytes(client, marker_uri(bucket, "c, d.pdf", DocumentState.FAILED), b"{}", "application/json")

    result = run(
        repository,
        tmp_path,
        connection,
        counts=str(counts),
        shards=2,
        weights=[0, 1],
        exclude_finished=str(bucket.join("status")),
        output_prefix=str(bucket.join("manifests")),
    )

    assert result["skipped_by_reason"] == {"encrypted": 1, "finished": 2}
    assert [shard["documents"] for shard in result["shards"]] == [0, 2]
    assert read_bytes(client, bucket.join("manifests", "shard_1.txt")) == b""


def test_a_missing_table_fails_with_what_to_do(
    repository: Path, tmp_path: Path, connection: Connection, bucket: S3Uri
) -> None:
    result = run(
        repository, tmp_path, connection, counts=str(bucket.join("none.csv")), shards=2, output_prefix=str(bucket)
    )

    assert result["failed"] is True
    assert "none.csv" in result["msg"]
    assert "page_count writes the table" in result["msg"]
    assert "Traceback" not in json.dumps(result)
