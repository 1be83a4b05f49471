# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents that a dataset is made from: all of the table that are done, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._records.document import DocumentState, key_of
from .._records.finished import state_of
from .._records.markers import Marker, read_marker_if_exists
from .._records.names import is_markdown, marker_uri
from .._records.page_counts import decode_field
from .._s3.objects import if_exists, read_version
from .._s3.uri import S3Uri
from .._status.account import Collection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Done:
    """A document that is done.

    Attributes:
        uri: of it.
        version: another one where it was done anew.
    """

    uri: str
    version: bytes


@dataclass(frozen=True)
class Text:
    """What a document has come to.

    Attributes:
        marker: by which it is done.
        markdown: its text.
    """

    marker: Marker
    markdown: str


def done_documents(collection: Collection) -> Iterator[Done]:
    """Yield the documents of the table that are done.

    Raises:
        FarmError: the table is malformed.
    """
    for batch, (facts,) in collection.table.beside(collection.markers.read()):
        for key, uri, _pages, _size in batch:
            fact = facts.get(key)
            if fact is not None and state_of(fact) is DocumentState.DONE:
                yield Done(decode_field(uri), fact)


def read_text(client: S3Client, results: S3Uri, document: Done) -> Text | str:
    """Return what a document has come to, or why that cannot be told.

    Takes two requests. What is being written at this moment is not what the marker tells of.

    Raises:
        S3Error: S3 could not be read.
    """
    key = key_of(document.uri)
    uri = marker_uri(results, key, DocumentState.DONE)
    marker = read_marker_if_exists(client, uri)
    if marker is None:
        return f"{uri} is missing"
    if not isinstance(marker, Marker):
        return str(marker).removesuffix(".")
    try:
        outputs = [(output, S3Uri.parse(output.uri)) for output in marker.outputs]
    except FarmError as error:
        return f"{uri} names no place of its text: {error}".removesuffix(".")
    markdown, place = next(((output, place) for output, place in outputs if is_markdown(place, key)), (None, uri))
    if markdown is None:
        return f"{uri} names no Markdown"
    found = if_exists(lambda: read_version(client, place))
    if found is None:
        return f"{markdown.uri} is missing"
    if found.etag != markdown.etag:
        return f"{markdown.uri} is another than the marker tells of"
    try:
        return Text(marker, found.body.decode())
    except UnicodeDecodeError as error:
        return f"{markdown.uri} is no UTF-8 ({error})"
