# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def shard(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    tmp_path: Path,
    library_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> TestShard:
    # A supervisor in this process starts workers, which must find the library as it does.
    monkeypatch.setenv("PYTHONPATH", str(library_path))
    return make_shard(client, bucket, connection, tmp_path)
