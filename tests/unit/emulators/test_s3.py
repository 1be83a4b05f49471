# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import CredentialsError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

pytestmark = pytest.mark.server


def _connection(server: S3Server, secret_key: str = SECRET_KEY) -> Connection:
    return Connection(REGION, server.endpoint_url, access_key=ACCESS_KEY, secret_key=secret_key)


def test_objects_are_still_there_after_a_restart(tmp_path: Path) -> None:
    uri = S3Uri("kept", "a/Έκθεση.pdf")
    with S3Server(tmp_path) as server:
        client = _connection(server).client()
        client.create_bucket(Bucket=uri.bucket)
        put_bytes(client, uri, b"body", "application/pdf")
    with S3Server(tmp_path) as server:
        assert read_bytes(_connection(server).client(), uri) == b"body"


def test_a_wrong_secret_is_rejected(s3_server: S3Server, bucket: S3Uri) -> None:
    with pytest.raises(CredentialsError):
        read_bytes(_connection(s3_server, "wrong").client(), bucket.join("key"))
