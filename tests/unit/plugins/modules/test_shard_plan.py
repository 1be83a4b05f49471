# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import shard_plan
from tests.support.module_options import documented_options

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _parameters(bucket: S3Uri) -> dict[str, Any]:
    return {
        "manifests": str(bucket.join("m")),
        "results": str(bucket.join("r")),
        "summary_name": "shard_summary.json",
        "price_per_hour": 5.0,
        "seconds_per_page": 2.0,
        "slots": 4,
    }


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_plan) == shard_plan.ARGUMENTS


def test_every_returned_value_is_documented(connection: Connection, client: S3Client, bucket: S3Uri) -> None:
    summary = b'{"totals": {"documents": 3}, "shards": [{"shard": 1, "documents": 3, "pages": 7200}]}'
    put_bytes(client, bucket.join("m", "shard_summary.json"), summary, "application/json")
    values = shard_plan.shard_plan(connection, _parameters(bucket))
    documented = yaml.safe_load(shard_plan.RETURN)
    assert values.keys() - {"changed"} == documented.keys()
    assert values["shards"][0].keys() == documented["shards"]["sample"][0].keys()
    assert (values["pages"], values["hours"], values["dollars"]) == (7200, 1.0, 5.0)


def test_without_a_cut_there_is_nothing_to_plan_yet(connection: Connection, bucket: S3Uri) -> None:
    with pytest.raises(NotYetError, match="cut the shards first"):
        shard_plan.shard_plan(connection, _parameters(bucket))


def test_options_are_checked_before_anything_is_read(bucket: S3Uri) -> None:
    with pytest.raises(FarmError, match="slots is 0"):
        shard_plan.shard_plan(Connection(), _parameters(bucket) | {"slots": 0})
