# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import (
    ShardSummary,
    Summary,
    Totals,
    read_summary,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NAME = "shard_summary.json"


def test_the_shards_that_an_earlier_cut_had_more_are_told() -> None:
    assert b'"emptied": [\n    3\n  ]' in Summary().to_json([3])


def test_a_summary_reads_back_as_it_was_written() -> None:
    summary = Summary(
        shards=(ShardSummary(1, 2.0, 3, 4, 5, 0.4), ShardSummary(2, 1.0, 6, 7, 8, 0.6)),
        totals=Totals(10, 9, 11, 13),
        skipped={"finished": 1},
        imbalance=1.2,
        imbalance_lower_bound=1.1,
        notes=("The table has no row.",),
    )
    assert Summary.from_json(summary.to_json([]), "s3://b/a.json") == summary
    assert summary.shard_numbers == (1, 2)


def test_programs_get_a_summary_in_plain_values() -> None:
    assert Summary(shards=(ShardSummary(2),), notes=("The table has no row.",)).to_dict() == {
        "shards": [{"shard": 2, "weight": 1.0, "documents": 0, "pages": 0, "bytes": 0, "share": 0.0}],
        "totals": {"rows": 0, "documents": 0, "pages": 0, "bytes": 0},
        "skipped": {},
        "imbalance": None,
        "imbalance_lower_bound": None,
        "notes": ["The table has no row."],
        "counts": "",
        "skip_errors": True,
        "min_pages": 1,
        "failed_documents": 0,
        "failed_pages": 0,
        "piece_pages": 0,
    }


def test_what_a_summary_leaves_out_is_nothing() -> None:
    assert Summary.from_json(b'{"shards": [{"shard": 1}]}', "s3://b/a.json") == Summary(
        shards=(ShardSummary(1, 1.0, 0, 0, 0, 0.0),),
        totals=Totals(0, 0, 0, 0),
        skipped={},
        imbalance=None,
        imbalance_lower_bound=None,
        notes=(),
    )
    assert ShardSummary().shard == 0


def test_a_summary_without_a_shard_says_what_to_do() -> None:
    with pytest.raises(FarmError) as raised:
        Summary.from_json(b"{}", "s3://b/a.json")
    assert str(raised.value) == (
        "s3://b/a.json is not the summary of a cut: it lists no shard. Cut the shards again (shard_manifest)."
    )


def test_without_a_cut_it_says_what_to_do(client: S3Client, bucket: S3Uri) -> None:
    with pytest.raises(NotYetError) as raised:
        read_summary(client, bucket, _NAME)
    assert str(raised.value) == (f"There is no summary at {bucket.join(_NAME)}: cut the shards first (shard_manifest).")


@pytest.mark.parametrize(
    "body", [b"?", b"[]", b'{"shards": [{"shard": 1}, {"documents": 1}]}', b'{"totals": {}, "shards": []}']
)
def test_what_is_no_summary_is_refused_with_its_place(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, bucket.join(_NAME), body, "application/json")
    with pytest.raises(FarmError, match=r"shard_summary\.json is not the summary of a cut.*Cut the shards again"):
        read_summary(client, bucket, _NAME)
