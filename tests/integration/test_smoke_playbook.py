# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""smoke.yml on an emulated node: what reaches the node with the module, and what the operator is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import LAYERED
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import (
    FOLDER_VARIABLE,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_a_node_that_reads_the_known_page_passes_and_one_that_writes_something_else_is_refused(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path, tessdata: Path
) -> None:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, 1)
    farm.variables[FOLDER_VARIABLE] = str(tessdata)
    farm.count({"a.pdf": 1})
    put_bytes(client, bucket.join("a.pdf"), LAYERED, "application/pdf")
    farm.cut()
    farm.settings |= {"farm_pipeline": "pdftext", "farm_pipeline_options": {}, "farm_input_bucket": bucket.bucket}
    passed = farm.play("smoke", "-v")
    assert passed.status == 0, passed.output
    assert "similarity: 1.0" in passed.output
    assert any(str(each.uri).endswith("/canary.pdf") for each in list_objects(client, farm.results))
    farm.settings["farm_pipeline"] = "command"
    farm.use_script()
    refused = farm.play("smoke")
    assert refused.status != 0
    assert "node-1 is not fit. Pipeline command did not read the page with a text layer" in refused.output
    assert farm.states() == {}
