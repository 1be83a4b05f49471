# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.kind import GLOSSAPI
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

SAFE = {"backend": "safe"}


def worker(options: dict[str, Any]) -> WorkerContext:
    return WorkerContext(options, 2, Path("/work/slot"), S3Uri("r"), Connection())


def test_an_unknown_option_is_refused() -> None:
    GLOSSAPI.check({"math": False})
    with pytest.raises(FarmError, match="does not know the option 'orc'"):
        GLOSSAPI.check({"orc": True})


def test_it_finds_its_settings_before_it_is_loaded() -> None:
    environment = GLOSSAPI.environment(worker({"threads": 5, "hf_home": "/models"}))
    assert environment["OMP_NUM_THREADS"] == "5"
    assert environment["HF_HOME"] == "/models"
    assert environment["GLOSSAPI_SKIPLIST_PATH"] == "/work/slot/skiplist.txt"


def test_options_that_change_nothing_in_the_output_do_not_make_it_stale() -> None:
    assert GLOSSAPI.output_options({"threads": 5}) == GLOSSAPI.output_options({})
    assert GLOSSAPI.options_hash({"threads": 5}) == GLOSSAPI.options_hash({})
    assert GLOSSAPI.options_hash({"math": True}) != GLOSSAPI.options_hash({})


def test_only_backend_safe_has_no_gpu() -> None:
    assert (GLOSSAPI.gpu_need({}), GLOSSAPI.gpu_need(SAFE)) == (GpuNeed.ALWAYS, GpuNeed.NEVER)


def test_it_reads_no_scans() -> None:
    assert not GLOSSAPI.recognises({})


def test_where_it_is_not_installed_that_is_said_with_what_to_do() -> None:
    with pytest.raises(FarmError, match=r"glossapi is not installed here .* configure the node first"):
        GLOSSAPI.revision({})


def test_a_worker_does_not_start_where_a_weight_is_missing(tmp_path: Path) -> None:
    options = {"weights": str(tmp_path), "weights_digest": "0" * 64}
    with pytest.raises(FarmError, match=rf"weights of glossapi cannot be read: .*{tmp_path}/weights\.json"):
        GLOSSAPI.create(worker(options))
    assert (GLOSSAPI.weights_digest(options), GLOSSAPI.weights_digest({})) == ("0" * 64, "")
