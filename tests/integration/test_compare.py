# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that compares OCR backends, as an operator plays it: tesseract, and the test server over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import comparison_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import scan
from tests.support.comparisons import put_documents
from tests.support.inference import a_preset
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_backends_are_compared_and_one_that_cannot_be_is_a_column_that_says_why(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path, tessdata: Path
) -> None:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=1)
    put_documents(client, bucket, {"a.pdf": (scan(1, 31), 1)})
    servers = {"served": a_preset(tessdata), "lost": a_preset(tessdata, command=["/nowhere/vllm", "{port}"])}
    places = {"options": {"weights": str(tmp_path), "environment": str(tmp_path)}}
    for name, preset in servers.items():
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(preset))
    results = bucket.join("r")
    farm.settings |= {
        "farm_manifests": str(bucket.join("m")),
        "farm_results": str(results),
        "farm_pipeline": "pdftext",
        "farm_workers_per_gpu": 1,
        "farm_compare_pages": 1,
        "farm_compare_page": str(tmp_path / "compare.html"),
        "farm_compare_backends": [
            {"name": "tesseract", "backend": "tesseract", "options": {"tessdata": str(tessdata)}},
            *({"name": name, "backend": "server", "preset": f"{tmp_path}/{name}.yml", **places} for name in servers),
        ],
    }
    played = farm.play("compare")
    assert played.status == 0, played.output
    assert "lost could not be compared: The server cannot be had" in played.output
    assert "served and tesseract agree on " in played.output
    assert "WARNING" not in played.output
    page = (tmp_path / "compare.html").read_text()
    assert read_bytes(client, comparison_folder(results, "glossapi-farm").join("index.html")).decode() == page
    assert page.count('<div class="read"') == 2
    assert "&#39;/nowhere/vllm&#39;" in page

    # What is wrong with one is told before any has begun.
    farm.settings["farm_compare_backends"][0]["options"] = {"tesdata": "/"}
    refused = farm.play("compare")
    assert refused.status != 0
    assert "farm_compare_backends, tesseract: OCR backend tesseract does not know the option" in refused.output
