# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one shard's manifest."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document, key_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HEADER = list(Document._fields)


def manifest_uri(manifests: S3Uri, shard: int) -> S3Uri:
    """Return where the manifest of ``shard`` is."""
    return manifests.join(f"shard_{shard}.csv")


def read_manifest(client: S3Client, manifests: S3Uri, shard: int) -> list[Document]:
    """Return the shard's documents in the manifest's order.

    Raises:
        FarmError: there is no such manifest, or it is malformed (see :func:`parse_manifest`).
        S3Error: it could not be read.
    """
    uri = manifest_uri(manifests, shard)
    try:
        body = read_bytes(client, uri)
    except MissingError as error:
        raise FarmError(f"Shard {shard} has no manifest at {uri}: cut the shards first (shard_manifest).") from error
    return parse_manifest(body, str(uri))


def parse_manifest(body: bytes, where: str) -> list[Document]:
    """Return the documents of a manifest with header ``uri,pages,bytes``.

    Raises:
        FarmError: a row is malformed or two documents would share their results; the message names
            ``where`` and the line.
    """
    rows = csv.reader(io.StringIO(body.decode("utf-8", "surrogateescape"), newline=""))
    if next(rows, None) != _HEADER:
        raise FarmError(f"{where} does not start with {','.join(_HEADER)}: cut the shards again (shard_manifest).")
    documents: dict[str, Document] = {}
    for row in rows:
        document = _document(row, f"{where}, line {rows.line_num}")
        key = key_of(document.uri)
        if key in documents:
            raise FarmError(
                f"{where}, line {rows.line_num}: {document.uri} and {documents[key].uri} would share their results: "
                "cut the shards again from a table that has each document once."
            )
        documents[key] = document
    return list(documents.values())


def _document(row: list[str], where: str) -> Document:
    try:
        uri, pages, size = row
        if not S3Uri.parse(uri).key:
            raise ValueError(f"{uri!r} has no key")
        return Document(uri, int(pages or 0), int(size) if size else None)
    except (ValueError, FarmError) as error:
        raise FarmError(f"{where} is not uri,pages,bytes ({error}): cut the shards again (shard_manifest).") from error
