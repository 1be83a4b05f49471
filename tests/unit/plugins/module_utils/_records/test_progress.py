# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress, progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.progress import make_progress


def test_progress_comes_back_from_its_json_as_it_was() -> None:
    progress = make_progress(
        updated_at=2.5,
        failures={"timeout": 1},
        slots={"0": "s3://raw/a.pdf"},
        machine=MachineSample(2.0, (GpuSample(0, 97.0, None, 23028.0, 61.0),), 100, 50),
    )
    assert Progress.from_json(progress.to_json(), "here") == progress


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b'{"shard": 1, "surprise": 2}', b'{"machine": 3}', b'{"machine": {"gpus": [3]}}']
)
def test_what_is_no_progress_is_refused_with_its_place(body: bytes) -> None:
    with pytest.raises(FarmError, match=r"^s3://there is not a progress file"):
        Progress.from_json(body, "s3://there")


def test_each_shards_progress_has_its_own_place() -> None:
    assert str(progress_uri(S3Uri("results", "run"), 3)) == "s3://results/run/status/_progress/shard-3.json"
