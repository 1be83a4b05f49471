# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifest as objects in S3: what is there already, and what must be written.

``shard_<n>.txt`` (one uri a line) and ``shard_<n>.csv`` (``uri,pages,bytes``) for each shard, then the summary,
so that a summary is never ahead of its shards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .._errors import FarmError
from .._files import Section, TemporaryFile
from .._records.names import list_uri, manifest_uri, manifests_prefix, shard_of_manifest
from .._s3.files import has_content, put_file
from .._s3.objects import S3Object, list_objects, put_bytes, read_bytes_if_exists
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .cut import Manifest
from .shard_file import ShardFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# At once; the pool of the client must be as large.
WRITERS = 8


@dataclass(frozen=True)
class Publication:
    """What publishing changed, or would change.

    Attributes:
        files: addresses of the objects whose bytes are new or other than before, in writing order.
        summary_uri: where the summary is.
        summary_before: the summary that was there; empty where none was.
        summary_after: the summary of this manifest.
    """

    files: tuple[str, ...]
    summary_uri: str
    summary_before: str
    summary_after: str


def publish(client: S3Client, prefix: S3Uri, summary_name: str, manifest: Manifest, *, write: bool) -> Publication:
    """Bring the objects below ``prefix`` in line with the manifest, writing only what differs.

    Shards of an earlier cut that this one does not have are overwritten as empty: nothing is ever
    deleted, and what stayed would be worked on a second time.

    Args:
        client: of the S3 that has the prefix.
        prefix: the manifest's folder.
        summary_name: the summary's name in it.
        manifest: what to publish.
        write: ``False`` to only find out what would change.

    Raises:
        S3Error: an object could not be listed, read or written. Run again: what is right is kept.
        FarmError: the summary's name is no name, or is a shard's.
    """
    summary_uri = prefix.join(summary_name)
    if not summary_name or "/" in summary_name or shard_of_manifest(prefix, summary_uri):
        raise FarmError(f"summary_name is {summary_name!r}: give a name without slashes that is not a shard's.")
    summary_before = read_bytes_if_exists(client, summary_uri)
    present = {item.uri: item for item in list_objects(client, manifests_prefix(prefix))}
    emptied = _numbers_above(len(manifest.shards), prefix, present)
    summary_after = manifest.summary.to_json(emptied)

    def bring_in_line(each: _ShardFile) -> bool:
        """Return whether the object is, or would be, another by this."""
        if _holds(client, present.get(each.uri), each.file):
            return False
        if write:
            put_file(client, each.uri, each.file, each.content_type)
        return True

    done = read_each(bring_in_line, _shard_files(prefix, manifest, emptied), WRITERS)
    files = [each.uri for each, is_new in done if is_new]
    if summary_before != summary_after:
        files.append(summary_uri)
        if write:
            put_bytes(client, summary_uri, summary_after, "application/json")
    return Publication(
        files=tuple(map(str, files)),
        summary_uri=str(summary_uri),
        summary_before=(summary_before or b"").decode(errors="replace"),
        summary_after=summary_after.decode(),
    )


class _ShardFile(NamedTuple):
    uri: S3Uri
    file: TemporaryFile | Section
    content_type: str


def _shard_files(prefix: S3Uri, manifest: Manifest, emptied: Sequence[int]) -> Iterator[_ShardFile]:
    """Yield each shard's files."""
    empty = ShardFile()
    for number, shard in [*enumerate(manifest.shards, 1), *((number, empty) for number in emptied)]:
        yield _ShardFile(list_uri(prefix, number), shard.list, "text/plain; charset=utf-8")
        yield _ShardFile(manifest_uri(prefix, number), shard.manifest, "text/csv; charset=utf-8")


def _numbers_above(shards: int, prefix: S3Uri, present: Iterable[S3Uri]) -> list[int]:
    numbers = {shard_of_manifest(prefix, uri) for uri in present}
    return sorted(number for number in numbers if number is not None and number > shards)


def _holds(client: S3Client, item: S3Object | None, file: TemporaryFile | Section) -> bool:
    """Return whether the listed object has the content of the file."""
    return item is not None and item.bytes == file.bytes and has_content(client, item.uri, item.etag, file)
