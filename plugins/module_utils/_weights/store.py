# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights in S3, each by its digest: put there once, and brought from there to a node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._files import TemporaryFile, copy_atomically, write_atomically
from .._records.codec import encode
from .._s3.errors import MissingError
from .._s3.files import download, upload
from .._s3.objects import list_objects
from .._s3.uri import S3Uri
from .digests import digest_of
from .folder import LIST_NAME, Placed, placed, problem_of, references
from .listing import WeightsList

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READABLE = 0o644


def stored_uri(prefix: S3Uri, each: Placed) -> S3Uri:
    """Return where a file is in S3: by what it is, so that no list takes another's away."""
    return prefix.join(each.file.digest.replace(":", "-"), Path(each.file.file).name)


def missing_in_s3(client: S3Client, prefix: S3Uri, weights: WeightsList) -> list[Placed]:
    """Return the files that are not in S3 yet.

    Raises:
        S3Error: S3 cannot be read.
    """
    there = {str(item.uri): item.bytes for item in list_objects(client, prefix.join(""))}
    return [each for each in placed(weights) if not _is_stored(there, prefix, each)]


def store(client: S3Client, prefix: S3Uri, each: Placed, fetch: Callable[[Placed], TemporaryFile]) -> None:
    """Fetch a file and put it into S3.

    Raises:
        FarmError: it cannot be fetched, or S3 cannot be written.
    """
    upload(client, stored_uri(prefix, each), fetch(each), "application/octet-stream")


def differing(folder: Path, weights: WeightsList) -> list[Placed]:
    """Return the files that the folder lacks, or has another content of.

    Raises:
        OSError: it cannot be read.
    """
    return [each for each in placed(weights) if problem_of(folder, each)]


def differing_notes(folder: Path, weights: WeightsList) -> dict[str, bytes]:
    """Return the small files that the folder lacks or has otherwise: the list, and what names revisions."""
    notes = {path: revision.encode() for path, revision in references(weights).items()}
    notes[LIST_NAME] = encode(weights.to_fields(), indent=1)
    return {path: body for path, body in notes.items() if not _has(folder / path, body)}


def bring(client: S3Client, prefix: S3Uri, folder: Path, each: Placed) -> None:
    """Bring a file from S3 to its place, where it is seen whole or not at all.

    Raises:
        FarmError: it is not in S3, or another one is.
        OSError: the disk is full.
    """
    uri = stored_uri(prefix, each)
    try:
        file = download(client, uri)
    except MissingError as error:
        raise FarmError(f"{uri} is missing: play weights.yml, which puts {each.file.file} there.") from error
    with file.open() as content:
        found = digest_of(content, file.bytes, each.file.digest)
    if found != each.file.digest:
        raise FarmError(f"{uri} is altered: it is {found}. Delete it, and play weights.yml.")
    path = folder / each.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with file.open() as content:
        copy_atomically(path, content, _READABLE)


def write_note(folder: Path, path: str, body: bytes) -> None:
    """Write one of :func:`differing_notes`."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / path, body, _READABLE)


def _is_stored(there: dict[str, int], prefix: S3Uri, each: Placed) -> bool:
    size = there.get(str(stored_uri(prefix, each)))
    return size is not None and each.file.bytes in (None, size)


def _has(path: Path, body: bytes) -> bool:
    return path.is_file() and path.read_bytes() == body
