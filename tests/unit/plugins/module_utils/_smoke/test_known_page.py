# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trial's page is; that trials read it is shown by tests/integration/test_shard_smoke.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import read_finished_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker, read_marker_of_stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.math import read_open_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import output_folder, pages_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.waiting import waits
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.known_page import KnownPage, hand_on

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.mark.parametrize(
    ("stage", "is_recognised", "name"),
    [
        (Stage.TEXT, False, "page with a text layer whose text is known"),
        (Stage.TEXT, True, "scan whose text is known"),
        (Stage.OCR, True, "scan whose text is known"),
        (Stage.MATH, False, "page whose formula is known"),
    ],
)
def test_each_stage_has_a_page_that_waits_for_it(
    stage: Stage, is_recognised: bool, name: str, client: S3Client, bucket: S3Uri
) -> None:
    page = KnownPage(stage, is_recognised=is_recognised)
    assert page.name == name
    document = page.put(client, bucket, 3)
    assert read_bytes(client, S3Uri.parse(document.uri)).startswith(b"%PDF-")
    assert document.pages == 1
    state: DocumentState | None = read_finished_of(client, bucket, [document]).get(key_of(document.uri))
    opened = read_open_of(client, bucket, [document])
    assert [each for each in Stage if waits(each, state, has_open_formulas=bool(opened))] == [stage]


def test_all_pages_of_a_document_that_is_handed_on_are_open(client: S3Client, bucket: S3Uri) -> None:
    hand_on(client, bucket, "s3://raw/a.pdf", "etag", 3, 2)
    marker = read_marker_of_stage(client, bucket, "a.pdf", DocumentState.FORWARDED, Stage.TEXT)
    assert isinstance(marker, Marker)
    assert (marker.open_pages, marker.etag, marker.pages, marker.shard) == ((1, 2, 3), "etag", 3, 2)
    uri = pages_uri(output_folder(bucket, 2), "a.pdf")
    assert [page.page for page in Layer.from_json(read_bytes(client, uri), str(uri)).pages] == [1, 2, 3]


def test_the_text_or_the_formula_is_compared() -> None:
    text, scan = KnownPage(Stage.TEXT, is_recognised=False), KnownPage(Stage.OCR, is_recognised=True)
    math = KnownPage(Stage.MATH, is_recognised=False)
    assert text.judge(TEXT) == scan.judge(TEXT) == (1.0, "")
    assert math.judge("$$a^{2} + 7 b = c^{3} - 15$$") == (1.0, "")
    assert math.judge(TEXT) == (0.0, "no formula came out.")
    assert "the Greek letters of the text layer are lost" in text.judge("No Greek at all, but a sentence.")[1]


def test_only_a_recogniser_that_writes_noise_is_said_to_know_no_greek() -> None:
    assert KnownPage(Stage.OCR, is_recognised=True).explain("unreadable").startswith("the recogniser does not know")
    assert KnownPage(Stage.OCR, is_recognised=True).explain("timeout") == ""
    assert KnownPage(Stage.MATH, is_recognised=False).explain("unreadable") == ""
