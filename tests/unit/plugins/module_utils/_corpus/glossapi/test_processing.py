# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.folder import DatasetFolder
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi import processing as module
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.processing import Processed, Processing
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import STAGES, GlossapiOptions
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetPart
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import dataset_file_name
from ansible_collections.glossapi.farm.plugins.module_utils._s3.files import put_file
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.glossapi_corpus import a_dataset_file, doc_id, use_stand_in

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

_OPTIONS = GlossapiOptions(STAGES, sys.executable)


def put_part(client: S3Client, bucket: S3Uri, number: int, texts: dict[str, str]) -> DatasetPart:
    file = a_dataset_file(texts)
    put_file(client, bucket.join(dataset_file_name(number)), file, "application/zstd")
    return DatasetPart(documents=len(texts), sha256=file.sha256())


def process(
    client: S3Client,
    bucket: S3Uri,
    *parts: DatasetPart,
    options: GlossapiOptions = _OPTIONS,
    check_mode: bool = False,
) -> Processed:
    processing = Processing(client, DatasetFolder(client, bucket.join("")), options, check_mode=check_mode)
    for number, part in enumerate(parts):
        processing.take(number, part)
    return processing.made


def etags(client: S3Client, bucket: S3Uri) -> dict[str, str]:
    return {item.uri.key: item.etag for item in list_objects(client, bucket.join(""))}


@pytest.fixture(autouse=True)
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in is what each Python finds as glossAPI."""
    use_stand_in(monkeypatch, tmp_path)


def test_each_file_of_the_dataset_has_its_products_and_they_are_kept_while_it_is_what_it_was(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [put_part(client, bucket, number, {f"{number}": "# A\n"}) for number in range(2)]
    announced = process(client, bucket, *parts, check_mode=True)
    assert announced.changed
    assert len(etags(client, bucket)) == 2
    made = process(client, bucket, *parts)
    assert (made.documents, made.written, made.problems, made.changed) == (2, 2, [], True)
    found = etags(client, bucket)
    assert {each["name"] for each in made.listed} == {name for name in found if name.startswith("glossapi/")}
    assert "glossapi/sections-00001.parquet" in found
    # As long as nothing is run.
    monkeypatch.setattr(module, "run_stages", None)
    again = process(client, bucket, *parts)
    assert (again.written, again.changed, again.listed) == (0, False, made.listed)
    assert etags(client, bucket) == found


def test_only_what_has_changed_is_run_again(client: S3Client, bucket: S3Uri) -> None:
    parts = [put_part(client, bucket, number, {f"{number}": "# A\n"}) for number in range(3)]
    process(client, bucket, *parts)
    parts[0] = put_part(client, bucket, 0, {"0": "# B\n"})
    put_bytes(client, bucket.join("glossapi/sections-00001.parquet"), b"?", "text/plain")
    put_bytes(client, bucket.join("_parts/glossapi-00002.json"), b"?", "text/plain")
    assert process(client, bucket, *parts).written == 3
    assert process(client, bucket, *parts).written == 0
    fewer = process(client, bucket, *parts, options=replace(_OPTIONS, stages=("section",)))
    assert fewer.written == 3
    assert {each["name"].partition("-")[0] for each in fewer.listed} == {"glossapi/sections"}


def test_a_stage_that_fails_is_told_with_its_file_and_run_again_and_the_others_go_on(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [
        put_part(client, bucket, 0, {"a": "# RAISE\n"}),
        put_part(client, bucket, 1, {"b": "# B\n"}),
    ]
    for changed in (True, False):
        made = process(client, bucket, *parts)
        assert made.problems == [
            f"train-00000.jsonl.zst: stage section failed: ValueError: cannot parse {doc_id('a')}."
        ]
        assert made.changed is changed
    assert {"glossapi/cleaned-00000.parquet", "glossapi/jsonl-00001.jsonl.zst"} <= etags(client, bucket).keys()

    def ends(*_arguments: object) -> None:
        raise FarmError("glossAPI ended.")

    monkeypatch.setattr(module, "run_stages", ends)
    assert process(client, bucket, *parts).problems == ["train-00000.jsonl.zst: glossAPI ended."]


def test_without_a_stage_nothing_is_asked_of_any_python(client: S3Client, bucket: S3Uri) -> None:
    part = put_part(client, bucket, 0, {"a": "# A\n"})
    assert process(client, bucket, part, options=GlossapiOptions()) == Processed()
