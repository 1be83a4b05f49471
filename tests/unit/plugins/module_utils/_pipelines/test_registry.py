# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import (
    NAMES,
    check_options,
    output_options,
    worker_environment,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig


def test_an_unknown_pipeline_is_refused_with_those_there_are() -> None:
    assert NAMES == ("command", "glossapi", "pdftext")
    with pytest.raises(FarmError, match="choose one of command, glossapi, pdftext"):
        check_options("glosapi", {})


def test_each_pipeline_checks_its_own_options() -> None:
    check_options("pdftext", {})
    check_options("command", {"command": "true"})
    check_options("glossapi", {"math": False})
    with pytest.raises(FarmError, match="needs the option command"):
        check_options("command", {})
    with pytest.raises(FarmError, match="does not know the option 'orc'"):
        check_options("glossapi", {"orc": True})


def config(pipeline: str, options: dict[str, Any]) -> RunConfig:
    return RunConfig(
        shard=1,
        manifests="s3://m/shards",
        results="s3://r",
        workdir="/work",
        node="n",
        pipeline=pipeline,
        pipeline_options=options,
        slots=("2", "3"),
        timeout_base=10,
        timeout_per_page=1,
        max_attempts=2,
        prefetch=1,
        grace_seconds=1,
        outage_seconds=1,
    )


def test_a_worker_sees_the_gpu_that_nvidia_smi_knows_by_its_slots_name() -> None:
    gpu = {"CUDA_VISIBLE_DEVICES": "3", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    assert worker_environment(config("pdftext", {}), "3") == gpu
    assert worker_environment(config("glossapi", {}), "3").items() >= gpu.items()


def test_glossapi_finds_its_settings_before_it_is_loaded() -> None:
    environment = worker_environment(config("glossapi", {"threads": 5, "hf_home": "/models"}), "3")
    assert environment["OMP_NUM_THREADS"] == "5"
    assert environment["HF_HOME"] == "/models"
    assert environment["GLOSSAPI_SKIPLIST_PATH"] == "/work/tmp/shard_1/slot_3/skiplist.txt"


def test_options_that_change_nothing_in_the_output_do_not_make_it_stale() -> None:
    assert output_options("glossapi", {"threads": 5}) == output_options("glossapi", {})
    assert output_options("command", {"command": "a"}) == {"command": "a"}
