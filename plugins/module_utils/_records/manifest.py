# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One shard's documents: ``shard_<n>.csv`` with header ``uri,pages,bytes``, and ``shard_<n>.txt``, a uri a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .._errors import FarmError, NotYetError
from .._s3.errors import MissingError
from .._s3.objects import read_bytes, read_etag
from .._s3.uri import S3Uri
from .document import Document, key_of
from .names import manifest_uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HEADER = list(Document._fields)


def to_csv(documents: Sequence[Document]) -> bytes:
    """Return the manifest of these documents."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(documents)
    return table.getvalue().encode()


def to_list(documents: Sequence[Document]) -> bytes:
    """Return the list of these documents."""
    return "".join(f"{document.uri}\n" for document in documents).encode()


def manifest_etag(client: S3Client, manifests: S3Uri, shard: int) -> str:
    """Return the etag of the shard's manifest, which is another after another cut.

    Raises:
        NotYetError: there is no such manifest.
        S3Error: it could not be asked for.
    """
    uri = manifest_uri(manifests, shard)
    try:
        return read_etag(client, uri)
    except MissingError as error:
        raise _not_cut(uri, shard) from error


def read_manifest(client: S3Client, manifests: S3Uri, shard: int) -> list[Document]:
    """Return the shard's documents in the manifest's order.

    Raises:
        NotYetError: there is no such manifest.
        FarmError: it is malformed (see :func:`parse_manifest`).
        S3Error: it could not be read.
    """
    return parse_manifest(_body(client, manifests, shard), str(manifest_uri(manifests, shard)))


def iter_manifest(client: S3Client, manifests: S3Uri, shard: int) -> Iterator[Document]:
    """Yield the shard's documents without keeping them, and without looking for two of the same key.

    Raises:
        NotYetError: there is no such manifest.
        FarmError: it is malformed (see :func:`manifest_rows`).
        S3Error: it could not be read.
    """
    for _line, document in manifest_rows(_body(client, manifests, shard), str(manifest_uri(manifests, shard))):
        yield document


def parse_manifest(body: bytes, where: str) -> list[Document]:
    """Return the documents of a manifest.

    Raises:
        FarmError: a row is malformed or two documents would share their results; the message names
            ``where`` and the line.
    """
    documents: dict[str, Document] = {}
    for line, document in manifest_rows(body, where):
        key = key_of(document.uri)
        if key in documents:
            raise FarmError(
                f"{where}, line {line}: {document.uri} and {documents[key].uri} would share their results: "
                "cut the shards again from a table that has each document once."
            )
        documents[key] = document
    return list(documents.values())


def manifest_rows(body: bytes, where: str) -> Iterator[tuple[int, Document]]:
    """Yield the line and the document of each row of a manifest with header ``uri,pages,bytes``.

    Raises:
        FarmError: the header or a row is malformed; the message names ``where`` and the line.
    """
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8", "surrogateescape", newline=""), strict=True)
    if next(rows, None) != _HEADER:
        raise FarmError(f"{where} does not start with {','.join(_HEADER)}: cut the shards again (shard_manifest).")
    try:
        for row in rows:
            yield rows.line_num, _document(row, f"{where}, line {rows.line_num}")
    except csv.Error as error:
        raise FarmError(
            f"{where}, line {rows.line_num} is not CSV ({error}): cut the shards again (shard_manifest)."
        ) from error


def _body(client: S3Client, manifests: S3Uri, shard: int) -> bytes:
    uri = manifest_uri(manifests, shard)
    try:
        return read_bytes(client, uri)
    except MissingError as error:
        raise _not_cut(uri, shard) from error


def _not_cut(uri: S3Uri, shard: int) -> NotYetError:
    return NotYetError(f"Shard {shard} has no manifest at {uri}: cut the shards first (shard_manifest).")


def _document(row: list[str], where: str) -> Document:
    try:
        uri, pages, size = row
        if not S3Uri.parse(uri).key:
            raise ValueError(f"{uri!r} has no key")
        for number in (pages, size):
            if number and not (number.isascii() and number.isdigit()):
                raise ValueError(f"{number!r} is no whole number")
        return Document(uri, int(pages or 0), int(size) if size else None)
    except (ValueError, FarmError) as error:
        raise FarmError(f"{where} is not uri,pages,bytes ({error}): cut the shards again (shard_manifest).") from error
