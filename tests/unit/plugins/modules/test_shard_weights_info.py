# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import shard_weights_info
from tests.support.module_options import documented_options
from tests.support.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_weights_info) == shard_weights_info.ARGUMENTS


def test_weights_are_the_speeds_that_supervisors_left_in_s3(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    said = make_progress(state="stopped", pages_per_second=2.5)
    put_bytes(client, progress_uri(bucket, 1), said.to_json(), "application/json")
    values = shard_weights_info.weights_info(
        connection, {"results": str(bucket), "stage": "text", "shards": 3, "live": [1, 3]}
    )
    assert values == {"changed": False, "weights": [2.5, 0.0, 2.5]}
    assert values.keys() - {"changed"} == yaml.safe_load(shard_weights_info.RETURN).keys()


def test_options_are_checked(connection: Connection, bucket: S3Uri) -> None:
    with pytest.raises(FarmError, match="No node is left"):
        shard_weights_info.weights_info(connection, {"results": str(bucket), "stage": "text", "shards": 1, "live": []})
