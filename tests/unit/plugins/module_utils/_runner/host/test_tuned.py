# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import tuning_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import (
    PAGES_IN_FLIGHT,
    WORKERS,
    Tuning,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import worker_arguments
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.tuned import (
    basis_of,
    config_as_tuned,
    varied_by,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.machine_kind import machine_kind
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config
from tests.support.inference import a_preset

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DEFAULTS = {name: argument.get("default") for name, argument in worker_arguments().items()}
GLOSSAPI = a_config(pipeline="glossapi", slots=("0", "1"))


def options(bucket: S3Uri, **others: Any) -> dict[str, Any]:
    own = {"shard": 1, "manifests": "s3://m/shards", "results": str(bucket), "workdir": "/work", "node": "node-1"}
    return DEFAULTS | own | {"pipeline": "glossapi", "slots": ["0", "1"], "workers_per_gpu": "auto"} | others


def keep(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, tuning_uri(bucket, Stage.TEXT, machine_kind()), body, "application/json")


def test_what_can_be_varied_depends_on_the_pipeline() -> None:
    server = a_config(pipeline="server", pipeline_options={"preset": a_preset(Path("/t"))})
    by = {config.pipeline: varied_by(config) for config in (GLOSSAPI, server)}
    by |= {name: varied_by(a_config(pipeline=name)) for name in ("pdftext", "tesseract", "glossapi_math")}
    assert by == {"glossapi": WORKERS, "server": PAGES_IN_FLIGHT, "pdftext": "", "tesseract": "", "glossapi_math": ""}


def test_a_result_is_of_all_options_but_the_one_that_is_varied() -> None:
    assert basis_of(replace(GLOSSAPI, pipeline_options={"threads": 2})) != basis_of(GLOSSAPI)
    assert basis_of(replace(GLOSSAPI, workers_per_gpu=3)) == basis_of(GLOSSAPI)
    preset = {"preset": a_preset(Path("/t"))}
    server = a_config(pipeline="server", pipeline_options=preset)
    assert basis_of(replace(server, pipeline_options={**preset, "pages_in_flight": 7})) == basis_of(server)
    assert basis_of(replace(server, workers_per_gpu=7)) != basis_of(server)


def test_auto_takes_what_was_found_for_these_options_on_such_a_machine(
    client: S3Client, connection: Connection, bucket: S3Uri
) -> None:
    keep(client, bucket, Tuning(basis_of(GLOSSAPI), best=3).to_json())
    warnings: list[str] = []
    assert config_as_tuned(options(bucket), connection, warnings.append).sharing == 3
    assert config_as_tuned(options(bucket, workers_per_gpu=1), connection, warnings.append).sharing == 1
    assert config_as_tuned(options(bucket, workers_per_gpu=0), connection, warnings.append).sharing == 2
    # The modules that are given no number have the default.
    given = {name: value for name, value in options(bucket).items() if name != "workers_per_gpu"}
    assert config_as_tuned(given, connection, warnings.append).sharing == 2
    assert warnings == []


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (None, r"There is nothing at s3://.*/status/_tuning/text/.*\.json\.$"),
        (Tuning(replace(basis_of(GLOSSAPI), options_hash="x"), best=3).to_json(), "is of other options of pipeline"),
        (Tuning(replace(basis_of(GLOSSAPI), gpus=4), best=3).to_json(), "is of 4 GPUs with workers, not 2"),
        (Tuning(basis_of(GLOSSAPI)).to_json(), "names no number: trials are missing"),
        (b"?", "is not a result of tune.yml"),
    ],
    ids=["none", "other options", "other GPUs", "not finished", "unreadable"],
)
def test_where_nothing_fits_the_pipelines_own_number_is_taken_and_the_reason_told(
    stored: bytes | None, reason: str, client: S3Client, connection: Connection, bucket: S3Uri
) -> None:
    if stored is not None:
        keep(client, bucket, stored)
    warnings: list[str] = []
    assert config_as_tuned(options(bucket), connection, warnings.append).sharing == 2
    (warning,) = warnings
    with pytest.raises(AssertionError, match=rf"for stage text on .*, so that .* has its own number, 2\. .*{reason}"):
        raise AssertionError(warning)


def test_what_has_no_number_asks_nobody(bucket: S3Uri) -> None:
    warnings: list[str] = []
    nowhere = Connection(region="r", endpoint_url="http://127.0.0.1:9")
    assert config_as_tuned(options(bucket, pipeline="pdftext"), nowhere, warnings.append).sharing == 1
    assert warnings == []
