# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a dataset while one run writes it: what another run writes meanwhile is not written over."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from .._errors import FarmError
from .._files import TemporaryFile
from .._s3.files import has_content
from .._s3.objects import delete, if_exists, list_objects, look_at, put_object_if_unchanged, read_bytes
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class DatasetFolder:
    """Writes an object only where it still is what it was when this began, or has that content by now.

    Two runs that see the same documents write the same bytes, and both get through. Of two that see others, one is
    refused before it has said of a file what holds no longer.

    Attributes:
        uri: of the folder.
        etags: of the objects, as this run knows them.
    """

    def __init__(self, client: S3Client, uri: S3Uri) -> None:
        """List the folder.

        Raises:
            S3Error: it could not be listed.
        """
        self._client = client
        self.uri = uri
        self.etags = {item.uri: item.etag for item in list_objects(client, uri)}

    def has(self, uri: S3Uri, content: bytes | TemporaryFile) -> bool:
        """Return whether the object had this content when this began.

        Raises:
            S3Error: it had to be read, and could not be.
            FarmError: the disk is full.
        """
        etag = self.etags.get(uri)
        return etag is not None and self._is(uri, etag, content)

    def _is(self, uri: S3Uri, etag: str, content: bytes | TemporaryFile) -> bool:
        if isinstance(content, TemporaryFile):
            return has_content(self._client, uri, etag, content)
        return if_exists(lambda: read_bytes(self._client, uri)) == content

    def put(self, uri: S3Uri, content: bytes | TemporaryFile, content_type: str) -> str:
        """Write the object, and return its etag.

        Raises:
            FarmError: another run has written it meanwhile.
            S3Error: it could not be written.
        """
        with _reader(content) as body:
            etag = put_object_if_unchanged(self._client, uri, body, content_type, self.etags.get(uri))
        if etag is None:
            found = if_exists(lambda: look_at(self._client, uri))
            # Also what this run has written itself, where the reply was lost.
            etag = found.etag if found is not None and self._is(uri, found.etag, content) else None
            if etag is None:
                raise _by_another_run(uri)
        self.etags[uri] = etag
        return etag

    def delete(self, uri: S3Uri) -> None:
        """Delete the object.

        Raises:
            FarmError: another run has written it meanwhile.
            S3Error: it could not be deleted.
        """
        if not delete(self._client, uri, self.etags[uri]):
            raise _by_another_run(uri)
        del self.etags[uri]


def _by_another_run(uri: S3Uri) -> FarmError:
    return FarmError(
        f"{uri} was written or deleted by another run while this one made the same dataset of other documents. Nothing "
        "of the other run was written over. Wait until it has ended, and run this again."
    )


def _reader(content: bytes | TemporaryFile) -> BinaryIO:
    return content.open() if isinstance(content, TemporaryFile) else io.BytesIO(content)
