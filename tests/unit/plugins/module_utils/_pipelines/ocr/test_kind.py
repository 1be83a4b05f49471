# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_rapidocr.backend import (
    PAGES_AT_ONCE,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.kind import OcrKind
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.pipeline import OcrPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.kind import TESSERACT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of, names_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

KIND = OcrKind(TESSERACT)


def test_a_backend_is_a_pipeline_of_stage_ocr_by_its_own_name() -> None:
    assert names_of(Stage.OCR) == ("glossapi_deepseek", "glossapi_rapidocr", "server", "tesseract")
    kind = kind_of("tesseract")
    assert (kind.stage, kind.name, kind.summary) == (Stage.OCR, "tesseract", TESSERACT.summary)
    assert kind.recognises({})
    assert kind.makes_text({})


def test_its_options_are_the_backends(tmp_path: Path) -> None:
    options: dict[str, Any] = {"languages": ["ell"], "tessdata": "/data"}
    worker = WorkerContext(options, 1, tmp_path, S3Uri("r"), Connection())
    assert KIND.output_options(options) == {"languages": ["ell"]}
    assert (KIND.environment(worker), KIND.gpu_need(options)) == (
        TESSERACT.environment(worker),
        TESSERACT.gpu_need(options),
    )
    with pytest.raises(FarmError, match="does not know the option 'language'"):
        KIND.check({"language": "ell"})


@pytest.mark.slow
def test_its_pipeline_says_which_backend_read_a_page(tmp_path: Path, tessdata: Path) -> None:
    options = {"tessdata": str(tessdata)}
    pipeline = KIND.create(WorkerContext(options, 1, tmp_path, S3Uri("r"), Connection()))
    assert isinstance(pipeline, OcrPipeline)
    assert pipeline._name == f"tesseract {KIND.revision(options)}"


def test_ranges_of_a_document_are_as_large_as_the_backend_says_and_other_pipelines_have_whole_ones() -> None:
    assert KIND.range_pages({}) == TESSERACT.range_pages({}) > 0
    assert kind_of("glossapi_rapidocr").range_pages({}) == PAGES_AT_ONCE
    assert {kind_of(name).range_pages({}) for stage in (Stage.TEXT, Stage.MATH) for name in names_of(stage)} == {0}
