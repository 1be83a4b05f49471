# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One shard's documents: ``shard_<n>.csv`` with header ``uri,pages,bytes``, and ``shard_<n>.txt``, a uri a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from .._errors import FarmError, NotYetError
from .._s3.errors import MissingError
from .._s3.files import download
from .._s3.objects import look_at, read_bytes
from .._s3.uri import S3Uri
from .document import Document, key_of
from .names import manifest_uri
from .page_count_lines import blocks_of, plain_fields
from .page_counts import encode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HEADER = list(Document._fields)
MANIFEST_HEADER = ",".join(_HEADER).encode() + b"\n"
_BLOCK_BYTES = 1 << 20


def manifest_rows_of(uris: Sequence[bytes], pages: int, sizes: Iterable[bytes]) -> bytes:
    """Return the lines of documents with equal pages.

    Args:
        uris: encoded, without line breaks.
        pages: of each, 0 where the count is unknown.
        sizes: of each, in digits, empty where it is unknown.
    """
    text = b"".join(uris)
    if b"," in text or b'"' in text:
        uris = [_quoted(uri) if b"," in uri or b'"' in uri else uri for uri in uris]
    # Interleaved by the library, as there are ten million of them.
    return b"".join(chain.from_iterable(zip(uris, repeat(b",%d," % pages), sizes, repeat(b"\n"))))


def _quoted(uri: bytes) -> bytes:
    return b'"%b"' % uri.replace(b'"', b'""')


def to_csv(documents: Iterable[Document]) -> bytes:
    """Return the manifest of these documents."""
    rows = (
        manifest_rows_of([encode_field(uri)], pages, [b"" if size is None else b"%d" % size])
        for uri, pages, size in documents
    )
    return MANIFEST_HEADER + b"".join(rows)


def manifest_etag(client: S3Client, manifests: S3Uri, shard: int) -> str:
    """Return the etag of the shard's manifest, which is another after another cut.

    Raises:
        NotYetError: there is no such manifest.
        S3Error: it could not be asked for.
    """
    uri = manifest_uri(manifests, shard)
    try:
        return look_at(client, uri).etag
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


def listed_keys(client: S3Client, manifests: S3Uri, shard: int) -> Iterator[list[bytes]]:
    """Yield the encoded keys of the shard's documents, some at a time, in memory that does not grow with them.

    Raises:
        NotYetError: there is no such manifest.
        FarmError: it is malformed (see :func:`manifest_rows`), or there is no room for it on this machine.
        S3Error: it could not be read.
    """
    uri = manifest_uri(manifests, shard)
    try:
        file = download(client, uri)
    except MissingError as error:
        raise _not_cut(uri, shard) from error
    with file.open() as body:
        is_ours = body.read(len(MANIFEST_HEADER)) == MANIFEST_HEADER
        for encoded in blocks_of(body, _BLOCK_BYTES) if is_ours else ():
            keys = _plain_keys(encoded)
            if keys is not None:
                yield keys
                continue
            try:
                rows = list(manifest_rows(MANIFEST_HEADER + encoded, str(uri)))
            except FarmError:
                is_ours = False
                break
            yield [encode_field(key_of(document.uri)) for _line, document in rows]
    if not is_ours:
        with file.open() as body:
            # Says which line of all it is.
            yield [encode_field(key_of(document.uri)) for _line, document in manifest_rows(body.read(), str(uri))]


def _plain_keys(encoded: bytes) -> list[bytes] | None:
    """Return the keys of rows of one bucket that needed no quotes; ``None`` where a row is another."""
    fields = plain_fields(encoded, len(_HEADER))
    if fields is None:
        return None
    uris, pages, sizes = fields
    bucket = b"/".join((*uris[0].split(b"/", 3)[:3], b""))
    is_bucket = bucket.startswith(b"s3://") and bucket != b"s3:///" and bucket not in uris
    of_bucket = (b"\n" + encoded).count(b"\n" + bucket)
    digits = b"".join(chain(pages, sizes))
    if not is_bucket or of_bucket < len(uris) or not (digits or b"0").isdigit():
        return None
    return list(map(itemgetter(slice(len(bucket), None)), uris))


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
