# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.backend import OcrBackend, OcrBackendKind
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


class Least(OcrBackendKind):
    """As much as a backend has to say."""

    name = "least"
    summary = "V(least) reads nothing."
    options_help = "V(least) has no options."

    def check(self, options: dict[str, Any]) -> None:
        pass

    def create(self, worker: WorkerContext) -> OcrBackend:
        raise NotImplementedError

    def revision(self, options: dict[str, Any]) -> str:
        raise NotImplementedError


def test_a_backend_that_says_no_more_runs_on_a_cpu_and_all_its_options_count(tmp_path: Path) -> None:
    worker = WorkerContext({"a": 1}, 1, tmp_path, S3Uri("r"), Connection())
    assert Least().gpu_need({}) is GpuNeed.NEVER
    assert Least().environment(worker) == {}
    assert Least().output_options({"a": 1}) == {"a": 1}
