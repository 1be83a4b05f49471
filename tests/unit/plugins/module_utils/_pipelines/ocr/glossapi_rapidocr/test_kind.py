# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_rapidocr.kind import (
    GLOSSAPI_RAPIDOCR,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def test_it_needs_a_gpu_and_finds_its_settings_before_it_is_loaded(tmp_path: Path) -> None:
    worker = WorkerContext({"hf_home": "/models"}, 4, tmp_path, S3Uri("r"), Connection())
    assert GLOSSAPI_RAPIDOCR.gpu_need(worker.options) is GpuNeed.ALWAYS
    assert GLOSSAPI_RAPIDOCR.environment(worker)["HF_HOME"] == "/models"
    assert GLOSSAPI_RAPIDOCR.output_options(worker.options) == GLOSSAPI_RAPIDOCR.output_options({})


def test_what_it_does_not_have_is_refused() -> None:
    for options in ({"backend": "safe"}, {"languages": ["ell"]}):
        with pytest.raises(FarmError, match="Pipeline glossapi_rapidocr does not know the option"):
            GLOSSAPI_RAPIDOCR.check(options)


def test_where_glossapi_is_not_installed_that_is_said_with_what_to_do() -> None:
    with pytest.raises(FarmError, match="configure the node first"):
        GLOSSAPI_RAPIDOCR.revision({})
