# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.slots import slot_names
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig, child_environment
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.config import a_config

CONFIG = a_config(slots=("0", "1"), timeout_base=10, timeout_per_page=2)


def test_what_is_saved_is_loaded_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    CONFIG.save(path)
    assert RunConfig.load(path) == CONFIG
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_something_else_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("[]")
    with pytest.raises(FarmError, match=r"config\.json is not a supervisor's configuration"):
        RunConfig.load(path)


@pytest.mark.parametrize(
    ("pipeline", "options", "wanted", "workers"),
    [
        ("glossapi", {}, 0, 2),
        ("glossapi_rapidocr", {}, 0, 2),
        ("glossapi_math", {}, 0, 2),
        ("glossapi", {}, 1, 1),
        ("glossapi_rapidocr", {}, 3, 3),
        ("command", {"command": "true"}, 0, 1),
        ("command", {"command": "true"}, 3, 3),
        ("glossapi", {"backend": "safe"}, 3, 1),
        ("pdftext", {}, 3, 1),
        ("tesseract", {}, 3, 1),
    ],
)
def test_the_pipeline_says_how_many_workers_share_a_gpu(
    pipeline: str, options: dict[str, Any], wanted: int, workers: int
) -> None:
    config = replace(CONFIG, pipeline=pipeline, pipeline_options=options, workers_per_gpu=wanted)
    assert config.worker_slots == slot_names(CONFIG.slots, workers)


def test_what_was_measured_with_other_workers_on_a_gpu_says_nothing_of_how_long_documents_take_now() -> None:
    bases = [replace(CONFIG, pipeline="glossapi", workers_per_gpu=workers).timings_basis for workers in (0, 1, 2, 3)]
    assert bases[0] == bases[2]
    assert len(set(bases)) == 3
    assert replace(CONFIG, workers_per_gpu=3).timings_basis == CONFIG.timings_basis


def test_a_documents_time_grows_with_its_pages() -> None:
    assert CONFIG.timeout(0) == 10
    assert CONFIG.timeout(30) == 70


def test_the_supervisors_connection_has_no_keys_of_its_own() -> None:
    connection = replace(CONFIG, endpoint_url="http://local", profile="farm").connection()
    assert connection == Connection(endpoint_url="http://local", profile="farm")


def test_explicit_keys_go_into_the_environment_and_push_out_what_would_mix_with_them() -> None:
    inherited = {"AWS_PROFILE": "other", "AWS_SESSION_TOKEN": "old", "PATH": "/bin"}
    environment = child_environment(Connection(region="r", access_key="a", secret_key="s"), inherited)
    assert environment == {
        "PATH": "/bin",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_DEFAULT_REGION": "r",
        "AWS_REGION": "r",
    }


def test_without_explicit_keys_the_callers_environment_is_kept() -> None:
    inherited = {"AWS_PROFILE": "mine", "AWS_SESSION_TOKEN": "token"}
    assert child_environment(Connection(endpoint_url="http://x"), inherited) == inherited | {
        "AWS_ENDPOINT_URL": "http://x"
    }
