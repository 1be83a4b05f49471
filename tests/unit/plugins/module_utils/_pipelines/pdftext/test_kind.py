# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.kind import PDFTEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def test_options_are_refused_since_there_are_none(tmp_path: Path) -> None:
    PDFTEXT.check({})
    worker = WorkerContext({"ocr": True}, 1, tmp_path, S3Uri("r"), Connection())
    with pytest.raises(FarmError, match="remove ocr"):
        PDFTEXT.check(worker.options)
    with pytest.raises(FarmError, match="remove ocr"):
        PDFTEXT.create(worker)


def test_it_runs_anywhere(tmp_path: Path) -> None:
    worker = WorkerContext({}, 1, tmp_path, S3Uri("r"), Connection())
    assert isinstance(PDFTEXT.create(worker), PdfTextPipeline)
    assert (PDFTEXT.gpu_need({}), PDFTEXT.environment(worker), PDFTEXT.revision({})) == (GpuNeed.NEVER, {}, "")
