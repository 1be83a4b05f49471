# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tune.yml on an emulated node: a server with several numbers of pages in flight, and what stays of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import table_uri, tuning_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import read_tuning
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.machine_kind import machine_kind
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import scan
from tests.support.inference import a_preset
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_numbers_are_tried_beside_the_real_run_and_the_best_is_named(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path, tessdata: Path
) -> None:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, 2)
    body = scan(1, 31)
    etag = put_bytes(client, bucket.join("a.pdf"), body, "application/pdf")
    row = f"uri,bytes,etag,pages,error\n{bucket.join('a.pdf')},{len(body)},{etag},1,\n".encode()
    put_bytes(client, table_uri(bucket.join("manifests")), row, "text/csv")
    preset = tmp_path / "preset.yml"
    preset.write_text(yaml.safe_dump(a_preset(tessdata)))
    farm.settings |= {
        "farm_pipeline": "pdftext",
        "farm_input_bucket": bucket.bucket,
        "farm_ocr_backend": "server",
        "farm_ocr_preset": str(preset),
        "farm_workers_per_gpu": 1,
        "farm_tune_workers": [1],
        "farm_tune_pages_in_flight": [1, 2],
    }
    found = farm.play("tune")
    assert found.status == 0, found.output
    assert "Pipeline pdftext has nothing to vary" in found.output
    assert "set farm_ocr_pages_in_flight to it" in found.output
    assert farm.states() == {}
    assert farm.running() == []
    assert found.changed["node-2"] == 0
    machine = machine_kind()
    tuning = read_tuning(client, farm.results, Stage.OCR, machine)
    assert tuning is not None
    assert [(trial.number, trial.problem) for trial in tuning.trials] == [(1, ""), (2, "")]
    assert all(trial.pages_per_second > 0 for trial in tuning.trials)
    assert tuning.best in (1, 2)
    kept = str(tuning_uri(farm.results, Stage.OCR, machine))
    written = {str(each.uri) for each in list_objects(client, farm.results)} - {kept}
    assert all(uri.startswith(str(farm.results.join("_smoke", "node-1", ""))) for uri in written)
