# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek import kind as module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.kind import DEEPSEEK
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.kind import OcrKind
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.deepseek import COMMIT, an_installation, starts

GIVEN: dict[str, Any] = {"checkout": "/c", "environment": "/e", "model": "/m"}


def a_worker(folder: Path, options: Mapping[str, Any]) -> WorkerContext:
    (folder / "slot").mkdir()
    return WorkerContext(dict(options), 1, folder / "slot", S3Uri("r"), Connection())


@pytest.fixture(autouse=True)
def needs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of a driver was asked for; this machine has none."""
    asked: list[str] = []
    monkeypatch.setattr(module, "require_driver", asked.append)
    return asked


def test_a_worker_has_a_script_that_reads_the_scan_whose_text_is_known(tmp_path: Path, needs: Sequence[str]) -> None:
    worker = a_worker(tmp_path, an_installation(tmp_path, {}))
    pipeline: Any = OcrKind(DEEPSEEK).create(worker)
    try:
        assert pipeline._name == f"glossapi_deepseek vLLM 0.18.0, glossAPI {COMMIT}"
        assert starts(tmp_path) == 1
        assert needs == ["580"]
    finally:
        pipeline._backend._script.stop()


def test_a_model_without_greek_is_refused(tmp_path: Path) -> None:
    options = an_installation(tmp_path, {})
    (tmp_path / "engine/answers.json").write_text('{"scan": [["oeAida kai npoooyn", "stop"]]}')
    with pytest.raises(FarmError, match=r"does not read a scan whose text is known: .*Greek"):
        OcrKind(DEEPSEEK).create(a_worker(tmp_path, options))


def test_what_is_missing_is_told_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = an_installation(tmp_path, {})
    worker = a_worker(tmp_path, options)

    def refuse(minimum: str) -> None:
        raise GpuFault(f"needs {minimum}")

    monkeypatch.setattr(module, "require_driver", refuse)
    with pytest.raises(GpuFault, match="needs 580"):
        DEEPSEEK.create(worker)
    (tmp_path / "model/config.json").unlink()
    with pytest.raises(FarmError, match=r"config\.json is missing"):
        DEEPSEEK.create(worker)
    worker.options["commit"] = "f" * 40
    with pytest.raises(FarmError, match=f"is at commit {COMMIT} of glossAPI, and the option commit .* is {'f' * 40}"):
        DEEPSEEK.create(worker)
    (tmp_path / "checkout/.git/HEAD").unlink()
    with pytest.raises(FarmError, match="is no checkout: no commit of glossAPI is known"):
        DEEPSEEK.create(worker)
    (tmp_path / "environment/bin/python").unlink()
    with pytest.raises(FarmError, match="bin/python is missing"):
        DEEPSEEK.create(worker)
    assert starts(tmp_path) == 0


def test_what_the_script_says_is_in_the_workers_log(capsys: pytest.CaptureFixture[str]) -> None:
    module._say("up")
    assert capsys.readouterr().err == "glossAPI: up\n"


def test_its_revision_ends_with_the_commit_which_is_compared_for_stale_documents(tmp_path: Path) -> None:
    options = an_installation(tmp_path, {})
    assert DEEPSEEK.revision(options) == f"vLLM 0.18.0, glossAPI {COMMIT}"
    next((tmp_path / "environment/lib").glob("python*/site-packages/vllm-*")).rmdir()
    assert DEEPSEEK.revision(options) == f"vLLM of unknown version, glossAPI {COMMIT}"


def test_each_of_its_slots_is_a_gpu_that_it_fills() -> None:
    assert DEEPSEEK.gpu_need(GIVEN) is GpuNeed.ALWAYS
    assert DEEPSEEK.workers_per_gpu(GIVEN, 4) == 1
    assert DEEPSEEK.minimum_driver(GIVEN) == "580"


def test_its_options_are_checked_and_those_that_change_the_text_are_in_the_hash() -> None:
    kind = OcrKind(DEEPSEEK)
    with pytest.raises(FarmError, match="needs the option checkout"):
        kind.check({})
    before = kind.options_hash(GIVEN)
    assert kind.options_hash({**GIVEN, "batch_size": 8}) == before
    assert kind.options_hash({**GIVEN, "max_new_tokens": 4096}) != before
    assert kind.weights_digest(GIVEN) == ""
    digest = "0" * 64
    assert (
        kind.weights_digest({"checkout": "/c", "environment": "/e", "weights": "/w", "weights_digest": digest})
        == digest
    )


def test_a_range_of_a_long_document_fills_the_engine() -> None:
    assert OcrKind(DEEPSEEK).range_pages(GIVEN) == 160
    assert DEEPSEEK.range_pages({**GIVEN, "batch_size": 96}) == 96
