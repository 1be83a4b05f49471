# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import PIL.Image
import pypdfium2
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.sample import (
    Comparison,
    fetch_pages,
    make_sample,
    read_sample,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import Sample
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    comparison_pdf_uri,
    comparison_picture_uri,
    is_document,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import encrypted, thesis
from tests.support.comparisons import a_comparison, hand_on, put_documents

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


def with_blank_pages(pages: int) -> bytes:
    document = pypdfium2.PdfDocument(SCAN)
    for _page in range(pages):
        document.new_page(300, 400)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def made(client: S3Client, comparison: Comparison, folder: Path) -> Sample:
    folder.mkdir()
    return make_sample(client, client, comparison, folder)


def test_pages_that_wait_for_ocr_are_taken_first_then_one_of_each_document_and_kept(
    client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    put_documents(client, bucket, {f"{name}.pdf": (thesis(4, 1), 4) for name in "abcdef"})
    hand_on(client, bucket, "d.pdf", 3)
    comparison = a_comparison(bucket, 3)
    assert read_sample(client, comparison) is None
    sample = made(client, comparison, tmp_path / "one")
    assert read_sample(client, comparison) == sample
    first, *others = sample.pages
    assert (first.uri, first.page, first.is_open) == (str(bucket.join("raw", "d.pdf")), 3, True)
    assert len({page.uri for page in sample.pages}) == 3
    assert not any(page.is_open for page in others)
    assert all(page.etag for page in sample.pages)
    assert sample.left_out == ()

    fetch_pages(client, comparison, sample, tmp_path / "pages.pdf")
    assert len(pypdfium2.PdfDocument(tmp_path / "pages.pdf")) == 3
    for number in (1, 2, 3):
        picture = PIL.Image.open(io.BytesIO(read_bytes(client, comparison_picture_uri(comparison.folder, number))))
        assert (picture.format, picture.mode, max(picture.size)) == ("JPEG", "L", 1123)
    # None of it is counted as a document where inputs and results have a prefix in common.
    assert not any(is_document(item.uri) for item in list_objects(client, comparison.folder))
    # The same collection, the same pages.
    assert made(client, comparison, tmp_path / "other").pages == sample.pages


def test_what_has_no_page_to_take_is_passed_over_and_told(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    put_documents(
        client,
        bucket,
        {
            "blank.pdf": (with_blank_pages(2), 3),
            "good.pdf": (SCAN, 1),
            "locked.pdf": (encrypted(SCAN), 1),
            "gone.pdf": (b"", 1),
        },
    )
    client.delete_object(Bucket=bucket.bucket, Key=bucket.join("raw", "gone.pdf").key)
    # What waits for OCR on them is blank.
    hand_on(client, bucket, "blank.pdf", 2, 3)
    sample = made(client, a_comparison(bucket, 9), tmp_path / "one")
    assert [page.uri.rpartition("/")[2] for page in sample.pages] == ["good.pdf"]
    told = sorted(reason.split("raw/")[1].partition(".pdf")[0] for reason in sample.left_out)
    assert told == ["blank", "gone", "locked"]
    assert any("a password is needed" in reason for reason in sample.left_out)
    assert any("blank.pdf: its pages are blank" in reason for reason in sample.left_out)


def test_where_no_page_can_be_taken_it_says_why(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    comparison = a_comparison(bucket, 2)
    with pytest.raises(NotYetError, match="count the pages first"):
        made(client, comparison, tmp_path / "one")
    put_documents(client, bucket, {})
    with pytest.raises(FarmError, match="has no document whose pages are known"):
        made(client, comparison, tmp_path / "two")
    put_documents(client, bucket, {"locked.pdf": (encrypted(SCAN), 1)})
    with pytest.raises(FarmError, match=r"No page could be taken from 1 documents: .*a password is needed"):
        made(client, comparison, tmp_path / "three")


def test_a_comparison_keeps_its_pages(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    put_documents(client, bucket, {"a.pdf": (SCAN, 1)})
    sample = made(client, a_comparison(bucket, 1), tmp_path / "one")
    with pytest.raises(FarmError, match=r"is on 1 pages, and 2 are asked for: give another label"):
        read_sample(client, a_comparison(bucket, 2))
    put_bytes(client, comparison_pdf_uri(a_comparison(bucket, 1).folder), SCAN, "application/pdf")
    with pytest.raises(FarmError, match="has other pages than"):
        fetch_pages(client, a_comparison(bucket, 1), sample, tmp_path / "pages.pdf")


@pytest.mark.parametrize(("label", "pages", "reason"), [("a/b", 1, "cannot name a folder"), ("a", 0, "pages is 0")])
def test_a_comparison_that_makes_no_sense_is_refused(label: str, pages: int, reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        Comparison("s3://m/table.csv", S3Uri("r"), label, pages)
