# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.small_files import folder_contents, write_different
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_a_folder_is_read_with_its_subfolders_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("run.py", "lib/util.py", ".git/config", "lib/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert folder_contents(str(tmp_path)) == {"lib/util.py": b"lib/util.py", "run.py": b"run.py"}
    assert folder_contents("") == {}


def test_a_folder_that_is_none_is_told() -> None:
    with pytest.raises(FarmError, match="/nowhere is no folder"):
        folder_contents("/nowhere")


def test_only_what_differs_is_written(client: S3Client, bucket: S3Uri) -> None:
    scripts = bucket.join("scripts")
    contents = {"a.sh": b"1", "lib/b.py": b"2"}
    assert list(write_different(client, scripts, contents, check_mode=False)) == [
        f"{bucket}scripts/a.sh",
        f"{bucket}scripts/lib/b.py",
    ]
    assert write_different(client, scripts, contents, check_mode=False) == {}
    changed = write_different(client, scripts, {"a.sh": b"3"}, check_mode=False)
    assert changed == {f"{bucket}scripts/a.sh": (b"1", b"3")}
    assert read_bytes(client, scripts.join("lib/b.py")) == b"2"


@pytest.mark.parametrize(
    ("name", "kind"), [("index.html", "text/html; charset=utf-8"), ("notes", "text/plain; charset=utf-8")]
)
def test_a_browser_is_told_what_a_file_is(client: S3Client, bucket: S3Uri, name: str, kind: str) -> None:
    write_different(client, bucket.join("files"), {name: b"1"}, check_mode=False)
    uri = bucket.join("files", name)
    assert client.head_object(Bucket=uri.bucket, Key=uri.key)["ContentType"] == kind


def test_check_mode_writes_nothing_and_needs_no_bucket(client: S3Client, bucket: S3Uri) -> None:
    missing = S3Uri("no-such-bucket-here", "scripts")
    assert len(write_different(client, missing, {"a": b"1"}, check_mode=True)) == 1
    with pytest.raises(MissingError):
        write_different(client, missing, {"a": b"1"}, check_mode=False)
    assert len(write_different(client, bucket.join("s"), {"a": b"1"}, check_mode=True)) == 1
    assert len(write_different(client, bucket.join("s"), {"a": b"1"}, check_mode=True)) == 1
