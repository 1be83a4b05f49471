# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import tuning_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import (
    PAGES_IN_FLIGHT,
    Tuning,
    TuningBasis,
    TuningTrial,
    read_tuning,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BASIS = TuningBasis("glossapi", "hash", 4)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (BASIS, ""),
        (replace(BASIS, pipeline="pdftext"), "is of pipeline glossapi, not pdftext"),
        (replace(BASIS, options_hash="x"), "is of other options of pipeline glossapi"),
        (replace(BASIS, gpus=1), "is of 4 GPUs with workers, not 1"),
        (replace(BASIS, varied=PAGES_IN_FLIGHT), "is of workers_per_gpu"),
    ],
)
def test_what_a_result_is_of_is_told_where_something_else_is_wanted(other: TuningBasis, told: str) -> None:
    assert BASIS.difference(other) == told


def test_a_trial_is_settled_where_it_was_measured_or_memory_ran_out() -> None:
    settled = (TuningTrial(1, 2.0), TuningTrial(4, memory_ran_out=True, problem="out of memory"))
    assert [trial.is_settled for trial in (*settled, TuningTrial(2, problem="not finished"))] == [True, True, False]


def test_a_result_is_of_one_stage_and_one_kind_of_machine(client: S3Client, bucket: S3Uri) -> None:
    found = Tuning(BASIS, "digest", (TuningTrial(1, 2.0),), 1, "node-1", 5.0)
    put_bytes(client, tuning_uri(bucket, Stage.TEXT, "g5.12xlarge"), found.to_json(), "application/json")
    assert read_tuning(client, bucket, Stage.TEXT, "g5.12xlarge") == found
    assert read_tuning(client, bucket, Stage.OCR, "g5.12xlarge") is None
    assert read_tuning(client, bucket, Stage.TEXT, "g6.12xlarge") is None
