# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.installation import OfGlossApi
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.kind import GLOSSAPI
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed, WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_rapidocr.kind import (
    GLOSSAPI_RAPIDOCR,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


@pytest.mark.parametrize("kind", [GLOSSAPI, GLOSSAPI_RAPIDOCR])
def test_the_pipeline_and_its_ocr_know_themselves_by_their_options(kind: OfGlossApi, tmp_path: Path) -> None:
    options = {"weights": str(tmp_path), "weights_digest": "0" * 64}
    worker = WorkerContext(options, 4, tmp_path, S3Uri("r"), Connection())
    assert (kind.gpu_need(options), kind.weights_digest(options)) == (GpuNeed.ALWAYS, "0" * 64)
    assert kind.output_options(options) == kind.parse(options).for_hash()
    assert kind.environment(worker)["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(FarmError, match=f"weights of {kind.name} cannot be read"):
        kind.load(worker)
    with pytest.raises(FarmError, match="configure the node first"):
        kind.revision(options)
