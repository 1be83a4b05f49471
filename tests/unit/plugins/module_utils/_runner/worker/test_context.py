# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.context import (
    worker_context,
    worker_environment,
)
from tests.support.config import a_config


def config(pipeline: str, options: dict[str, Any]) -> RunConfig:
    return a_config(pipeline=pipeline, pipeline_options=options, slots=("2", "3"), region="eu-central-1")


def test_a_worker_sees_the_gpu_that_nvidia_smi_knows_by_its_slots_name() -> None:
    gpu = {"CUDA_VISIBLE_DEVICES": "3", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    assert worker_environment(config("command", {"command": "true"}), "3") == gpu
    assert worker_environment(config("glossapi", {}), "3").items() >= gpu.items()


def test_a_pipelines_own_variables_name_the_slots_folder() -> None:
    environment = worker_environment(config("glossapi", {}), "3")
    assert environment["GLOSSAPI_SKIPLIST_PATH"] == "/work/tmp/shard_1/slot_3/skiplist.txt"


def test_a_pipeline_is_told_of_its_shard_and_of_the_workers_that_share_the_machine() -> None:
    worker = worker_context(config("command", {"command": "true"}), Path("/slot"))
    assert (worker.options, worker.workers, worker.folder) == ({"command": "true"}, 2, Path("/slot"))
    assert str(worker.output) == "s3://r/run/shard-1"
    assert worker.connection.region == "eu-central-1"


def test_workers_that_share_a_gpu_see_the_same_one_and_have_their_share_of_the_cpus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(48))
    shared = config("glossapi", {})
    assert shared.worker_slots == ("2:1", "3:1", "2:2", "3:2")
    environments = [worker_environment(shared, slot) for slot in shared.worker_slots]
    assert [each["CUDA_VISIBLE_DEVICES"] for each in environments] == ["2", "3", "2", "3"]
    assert {each["OMP_NUM_THREADS"] for each in environments} == {"12"}
    assert len({each["GLOSSAPI_SKIPLIST_PATH"] for each in environments}) == 4
    context = worker_context(shared, Path("/slot"))
    assert context.workers == 4


def test_an_unknown_pipeline_starts_no_worker() -> None:
    with pytest.raises(FarmError, match="There is no pipeline 'glosapi'"):
        worker_environment(config("glosapi", {}), "3")
