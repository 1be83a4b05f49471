# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that backends are compared on: taken once from the collection, then kept in S3 as they are."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._pipelines.failures import DocumentFailure
from .._pipelines.page_extract import extract_pages
from .._pipelines.page_image import has_ink, render, scale_within
from .._pipelines.pdf_input import open_document
from .._records.comparison import Sample, SamplePage
from .._records.document import DocumentState
from .._records.ended import is_open
from .._records.forwarded import read_forwarded
from .._records.markers import Marker, read_marker
from .._records.names import (
    comparison_folder,
    comparison_pdf_uri,
    comparison_picture_uri,
    comparison_sample_uri,
    marker_uri,
    require_label,
)
from .._records.page_counts import decode_field
from .._records.page_counts_source import fetch_counts
from .._records.work import WorkRules, WorkTable
from .._runner.work.transfers import Transfers
from .._s3.objects import put_bytes, read_bytes, read_bytes_if_exists
from .._s3.uri import S3Uri
from .choice import Candidate, first_candidates, order_of_pages, pages_of_each

if TYPE_CHECKING:
    import pypdfium2
    from mypy_boto3_s3 import S3Client

_PDF = "application/pdf"
# Documents to fall back on, for each that is wanted: some are encrypted, damaged or gone.
_SPARE = 2
# Blank pages of a document that are passed over.
_BLANK_PAGES = 5
# Of a picture for people: print that is read at the width of half a screen, in about 100 kB.
_PICTURE_DPI = 96
_PICTURE_SIDE = 1400
_PICTURE_QUALITY = 55


@dataclass(frozen=True)
class Comparison:
    """Which comparison, and where.

    Attributes:
        counts: address of the page-count table.
        results: prefix of results and markers.
        label: names the comparison.
        pages: how many it is to be on.

    Raises:
        FarmError: the label is none, or no page is wanted.
    """

    counts: str
    results: S3Uri
    label: str
    pages: int

    def __post_init__(self) -> None:
        require_label(self.label, "The label")
        if self.pages < 1:
            raise FarmError(f"pages is {self.pages}: give how many pages backends are to be compared on, 1 or more.")

    @property
    def folder(self) -> S3Uri:
        """Where all of it goes."""
        return comparison_folder(self.results, self.label)


def read_sample(client: S3Client, comparison: Comparison) -> Sample | None:
    """Return the sample that there is, ``None`` where there is none yet.

    Raises:
        S3Error: it could not be read.
        FarmError: it is no sample, or one of another number of pages, which the backends that are done were compared
            on.
    """
    uri = comparison_sample_uri(comparison.folder)
    body = read_bytes_if_exists(client, uri)
    if body is None:
        return None
    sample = Sample.from_json(body, str(uri))
    if sample.wanted != comparison.pages:
        raise FarmError(
            f"The comparison {comparison.label!r} is on {sample.wanted} pages, and {comparison.pages} are asked for: "
            f"give another label, which is another comparison, or {sample.wanted} pages."
        )
    return sample


def make_sample(client: S3Client, inputs: S3Client, comparison: Comparison, folder: Path) -> Sample:
    """Take the pages from the collection and put them, with their pictures, into S3; return what they are.

    Args:
        client: of the S3 that has counts and results.
        inputs: of the S3 that has the documents.
        comparison: see there.
        folder: an empty one on the disk.

    Raises:
        NotYetError: nothing was counted yet.
        S3Error: S3 could not be read or written.
        FarmError: the table is malformed, or no page could be taken.
        OSError: the disk is full, for example.
    """
    candidates = first_candidates(_documents(client, comparison), _SPARE * comparison.pages)
    if not candidates:
        raise FarmError(f"{comparison.counts} has no document whose pages are known: count pages, then compare.")
    taking = _Taking(client, Transfers(client, inputs), comparison.results, folder)
    each = pages_of_each(len(candidates), comparison.pages)
    parts: list[Path] = []
    pages: list[SamplePage] = []
    for candidate in candidates:
        wanted = min(each, comparison.pages - len(pages))
        if not wanted:
            break
        part = folder / f"{len(parts)}.pdf"
        taken = taking.take(candidate, wanted, part)
        if taken:
            pages += taken
            parts.append(part)
    if not pages:
        raise FarmError(f"No page could be taken from {len(candidates)} documents: {' '.join(taking.left_out)}")
    body = _put_together(parts)
    sample = Sample(comparison.pages, tuple(pages), sha256(body).hexdigest(), tuple(taking.left_out))
    put_bytes(client, comparison_pdf_uri(comparison.folder), body, _PDF)
    for number, picture in enumerate(_pictures(body), start=1):
        put_bytes(client, comparison_picture_uri(comparison.folder, number), picture, "image/jpeg")
    # Last: whoever finds it finds the others.
    put_bytes(client, comparison_sample_uri(comparison.folder), sample.to_json(), "application/json")
    return sample


def fetch_pages(client: S3Client, comparison: Comparison, sample: Sample, path: Path) -> None:
    """Write the PDF of the pages to the file.

    Raises:
        S3Error: it could not be read.
        FarmError: it is another one than the sample says.
    """
    uri = comparison_pdf_uri(comparison.folder)
    body = read_bytes(client, uri)
    if sha256(body).hexdigest() != sample.sha256:
        raise FarmError(
            f"{uri} has other pages than {comparison_sample_uri(comparison.folder)} says: give another label, which is "
            "another comparison."
        )
    path.write_bytes(body)


def _documents(client: S3Client, comparison: Comparison) -> Iterator[Candidate]:
    table = WorkTable(fetch_counts(client, comparison.counts), comparison.counts, WorkRules())
    for batch, (handed_on,) in table.beside(read_forwarded(client, comparison.results).read()):
        for key, uri, pages, _size in batch:
            yield Candidate(decode_field(uri), decode_field(key), pages, is_open(handed_on.get(key)))


class _Taking:
    """Takes pages of one document after the other.

    Attributes:
        left_out: why documents have none, a sentence each.
    """

    def __init__(self, client: S3Client, transfers: Transfers, results: S3Uri, folder: Path) -> None:
        self._client = client
        self._transfers = transfers
        self._results = results
        self._document = folder / "document.pdf"
        self.left_out: list[str] = []

    def take(self, candidate: Candidate, wanted: int, part: Path) -> list[SamplePage]:
        """Write some pages of a document to a PDF of their own, and return which; none where it has none to take."""
        try:
            etag = self._transfers.download(S3Uri.parse(candidate.uri), self._document).etag
            order = order_of_pages(candidate.key, self._numbers(candidate))
            numbers = sorted(islice(_shown(self._document, order[: wanted + _BLANK_PAGES]), wanted))
            if not numbers:
                self.left_out.append(f"{candidate.uri}: its pages are blank, or are not there.")
                return []
            extract_pages(self._document, numbers, part)
        except DocumentFailure as failure:
            self.left_out.append(f"{candidate.uri}: {failure}.")
            return []
        return [SamplePage(candidate.uri, etag, number, candidate.is_open) for number in numbers]

    def _numbers(self, candidate: Candidate) -> Sequence[int]:
        if candidate.is_open:
            marker = read_marker(self._client, marker_uri(self._results, candidate.key, DocumentState.FORWARDED))
            if isinstance(marker, Marker) and marker.open_pages:
                return marker.open_pages
        return range(1, candidate.pages + 1)


def _shown(path: Path, numbers: Iterable[int]) -> Iterator[int]:
    """Yield those of the pages that are there and on which something is to be seen.

    Raises:
        DocumentFailure: the document cannot be opened.
    """
    import pypdfium2

    document = open_document(path)
    try:
        for number in numbers:
            try:
                page = document[number - 1]
                if has_ink(page):
                    yield number
                page.close()
            except (pypdfium2.PdfiumError, IndexError):
                # The next one will do.
                continue
    finally:
        document.close()


def _put_together(parts: Iterable[Path]) -> bytes:
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        source = pypdfium2.PdfDocument(part)
        whole.import_pages(source)
        source.close()
    content = io.BytesIO()
    whole.save(content)
    whole.close()
    return content.getvalue()


def _pictures(pages: bytes) -> Iterator[bytes]:
    """Yield a grey JPEG of each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pages)
    try:
        for page in document:
            yield _picture(page)
            page.close()
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage) -> bytes:
    import PIL.Image

    scale = scale_within(
        *page.get_size(), dpi=_PICTURE_DPI, most_pixels=_PICTURE_SIDE * _PICTURE_SIDE, most_side=_PICTURE_SIDE
    )
    width, height, pixels = render(page, scale)
    content = io.BytesIO()
    PIL.Image.frombytes("L", (width, height), pixels).save(content, "JPEG", quality=_PICTURE_QUALITY, optimize=True)
    return content.getvalue()
