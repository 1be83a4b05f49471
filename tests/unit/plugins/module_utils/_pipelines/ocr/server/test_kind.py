# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import OWNER_VARIABLE, kill_owned
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.kind import OcrKind
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server import kind as module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.kind import SERVER
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.inference import a_preset, healthy

OWNER = "test-of-server-kind"


@pytest.fixture
def worker(tmp_path: Path, library_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerContext]:
    monkeypatch.syspath_prepend(str(library_path))
    monkeypatch.setenv(OWNER_VARIABLE, f"{OWNER}/1")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    options = {"preset": a_preset(Path("/t"), command=list(healthy()))}
    yield WorkerContext(options, 4, tmp_path / "slot_1", S3Uri("r"), Connection())
    kill_owned(OWNER)


def options_of(**keys: Any) -> dict[str, Any]:
    return {"preset": a_preset(Path("/t"), **keys)}


def test_a_worker_has_a_server_of_its_gpu_beside_its_folder(worker: WorkerContext) -> None:
    backend: Any = SERVER.create(worker)
    try:
        assert backend._server.wait_until_ready().generation == 1
        assert (worker.folder.parent / "servers" / "run_1").is_dir()
        # All of its GPU's, if no other worker has a page.
        assert backend._permits.most == 48
    finally:
        backend._server.close()


def test_what_the_server_says_is_in_the_workers_log(capsys: pytest.CaptureFixture[str]) -> None:
    module._say("up")
    assert capsys.readouterr().err == "server: up\n"


def test_a_command_that_is_missing_is_told(worker: WorkerContext) -> None:
    worker.options["preset"]["command"] = ["/nowhere/vllm", "{port}"]
    with pytest.raises(FarmError, match=r"command cannot be run: .*'/nowhere/vllm'"):
        SERVER.create(worker)


def test_a_folder_that_is_missing_and_an_old_driver_are_told_before_anything_starts(
    worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.options["preset"] |= {"command": ["{environment}/bin/serve", "{port}"], "gpu": True, "minimum_driver": "580"}
    worker.options["environment"] = str(worker.folder / "nowhere")
    with pytest.raises(FarmError, match=r"option environment .* is no folder"):
        SERVER.create(worker)
    os.makedirs(worker.options["environment"])  # noqa: PTH103

    def refuse(minimum: str) -> None:
        raise GpuFault(f"needs {minimum}")

    monkeypatch.setattr(module, "require_driver", refuse)
    with pytest.raises(GpuFault, match="needs 580"):
        SERVER.create(worker)


def test_its_slots_are_gpus_unless_the_preset_says_otherwise() -> None:
    assert SERVER.gpu_need(options_of(gpu=True)) is GpuNeed.ALWAYS
    assert SERVER.gpu_need(options_of()) is GpuNeed.NEVER


def test_its_driver_is_the_presets_unless_that_needs_no_gpu() -> None:
    assert OcrKind(SERVER).minimum_driver(options_of(minimum_driver="580", gpu=True)) == "580"
    assert SERVER.minimum_driver(options_of(minimum_driver="580")) == ""


def test_what_changes_the_text_is_in_the_hash_and_the_port_and_the_command_are_not() -> None:
    kind = OcrKind(SERVER)
    before = kind.options_hash(options_of())
    assert kind.options_hash(options_of(prompt="Other")) != before
    assert kind.options_hash({**options_of(command=["other", "{port}"]), "pages_in_flight": 2}) == before


def test_its_revision_is_the_presets() -> None:
    assert SERVER.revision(options_of()) == "tesseract-by-http tesseract-ocr/tessdata@4.1.0"
    assert OcrKind(SERVER).revision(options_of(weights=[])) == "tesseract-by-http"


def test_several_workers_share_a_server_so_that_short_documents_leave_no_gap() -> None:
    assert SERVER.workers_per_gpu(options_of(), 0) == 12
    assert SERVER.workers_per_gpu(options_of(gpu=True), 2) == 2


@pytest.mark.parametrize(("pages", "wanted", "workers"), [(1, 0, 1), (3, 0, 3), (2, 8, 2), (48, 8, 8)])
def test_there_are_no_more_workers_than_pages_in_flight(pages: int, wanted: int, workers: int) -> None:
    assert SERVER.workers_per_gpu({**options_of(), "pages_in_flight": pages}, wanted) == workers


def test_wrong_options_are_told() -> None:
    with pytest.raises(FarmError, match="needs the option preset"):
        SERVER.check({})
