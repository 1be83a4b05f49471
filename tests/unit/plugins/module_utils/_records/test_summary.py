# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import Summary, read_summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NAME = "shard_summary.json"


def test_the_shards_that_an_earlier_cut_had_more_are_told() -> None:
    assert b'"emptied": [\n    3\n  ]' in Summary().to_json([3])


def test_without_a_cut_it_says_what_to_do(client: S3Client, bucket: S3Uri) -> None:
    with pytest.raises(NotYetError, match="cut the shards first"):
        read_summary(client, bucket, _NAME)


@pytest.mark.parametrize("body", [b"?", b"[]", b'{"shards": [{"documents": 1}]}', b'{"totals": {}, "shards": []}'])
def test_what_is_no_summary_is_refused_with_its_place(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, bucket.join(_NAME), body, "application/json")
    with pytest.raises(FarmError, match=r"shard_summary\.json is not the summary of a cut.*Cut the shards again"):
        read_summary(client, bucket, _NAME)
