# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that makes the dataset, as an operator plays it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.names import dataset_folder, markdown_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import delete, list_objects
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.dataset_hub import TOKEN, dataset_hub
from tests.support.done_documents import put_collection, put_done
from tests.support.emulated_account import Account
from tests.support.glossapi_corpus import use_stand_in
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_the_dataset_is_made_once_and_a_missing_text_fails_the_playbook_at_its_end(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path
) -> None:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=1)
    places = {"farm_manifests": str(bucket.join("m")), "farm_results": str(bucket.join("r"))}
    farm.settings |= {**places, "farm_pipeline": "pdftext"}
    put_collection(client, bucket, ("a.pdf", "b.pdf"))
    put_done(client, bucket, {"a.pdf": "# A\n", "b.pdf": "# A\n"})

    first = farm.play("collect")
    assert first.status == 0, first.output
    assert first.changed["localhost"] == 1
    assert "2 documents, 1 of them with the text of another, in 1 files" in " ".join(first.output.split())
    assert "2 of 2 documents in 1 files" in first.output
    folder = dataset_folder(bucket.join("r"), "glossapi-farm")
    assert folder.join("train-00000.jsonl.zst") in {item.uri for item in list_objects(client, folder)}
    assert farm.play("collect").changed["localhost"] == 0

    missing = markdown_uri(bucket.join("r", "shard-1"), bucket.join("raw", "b.pdf").key)
    delete(client, missing)
    put_done(client, bucket, {"c.pdf": "# C\n"})
    put_collection(client, bucket, ("b.pdf", "c.pdf"))
    failed = farm.play("collect")
    assert failed.status == 2
    assert f"{missing} is missing." in failed.output
    assert "WARNING" not in first.output + failed.output


@pytest.mark.thorough
def test_what_glossapi_makes_of_it_and_the_upload_are_asked_for_by_settings(
    client: S3Client,
    bucket: S3Uri,
    repository: Path,
    tmp_path: Path,
    empty_account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_stand_in(monkeypatch, tmp_path)
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=1)
    farm.settings |= {
        "farm_manifests": str(bucket.join("m")),
        "farm_results": str(bucket.join("r")),
        "farm_pipeline": "pdftext",
        "farm_dataset_glossapi_stages": ["section", "jsonl"],
        "farm_dataset_glossapi_python": sys.executable,
        "farm_dataset_repository": "gfoss/theses",
    }
    put_collection(client, bucket, ("a.pdf", "b.pdf"))
    put_done(client, bucket, {"a.pdf": "# A\n", "b.pdf": "# B\n"})
    with dataset_hub() as hub:
        farm.variables |= {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": empty_account.server.endpoint_url,
            "GLOSSAPI_STUB_TRAPS": os.environ["GLOSSAPI_STUB_TRAPS"],
            "HF_ENDPOINT": hub.url,
            "HF_HUB_DISABLE_XET": "1",
            "PYTHONPATH": os.environ["PYTHONPATH"],
        }
        # What the upload lacks is told before the work, which leaves nothing.
        folder = dataset_folder(bucket.join("r"), "glossapi-farm")
        early = farm.play("collect")
        assert early.status == 2
        assert "Check that it can be uploaded" in early.output
        assert "glossapi-farm/hf-token" in early.output
        assert list(list_objects(client, folder)) == []
        empty_account.client("secretsmanager").create_secret(Name="glossapi-farm/hf-token", SecretString=TOKEN)
        first = farm.play("collect", "-vv")
        assert first.status == 0, first.output
        assert first.changed["localhost"] == 2
        assert "2 files of 2 documents by glossAPI" in " ".join(first.output.split())
        assert TOKEN not in first.output
        listed = {item.uri.key.removeprefix(folder.key) for item in list_objects(client, folder)}
        files = hub.repositories["gfoss/theses"].files
        assert files.keys() == {name for name in listed if not name.startswith("_parts/")}
        assert "glossapi/sections-00000.parquet" in files
        assert farm.play("collect").changed["localhost"] == 0
