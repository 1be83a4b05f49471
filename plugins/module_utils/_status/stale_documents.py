# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds, over a whole farm, the markers that no longer fit their input or the pipeline."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from .._pipelines.registry import kind_of
from .._records.codec import RecordError
from .._records.document import DocumentState
from .._records.finished import marked_documents
from .._records.manifest import iter_manifest
from .._records.markers import Marker, read_marker
from .._records.names import marker_uri, status_folder
from .._records.stale import Expected, stale_reason
from .._s3.objects import list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .documents import DocumentTable
from .farm import MarkedDocuments

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DIGEST_BYTES = 8
# In place of what has changed, where the marker cannot be read.
UNREADABLE = "unreadable marker"


@dataclass(frozen=True)
class PipelineNow:
    """What documents would be processed with now.

    Attributes:
        name: of the pipeline.
        options_hash: see :meth:`PipelineKind.options_hash`.
        commit: of the pipeline, with which its revision ends; empty where that is not to be compared.
    """

    name: str
    options_hash: str
    commit: str = ""

    @classmethod
    def of(cls, name: str, options: dict[str, Any], commit: str) -> PipelineNow:
        """Return it for a pipeline's options.

        Raises:
            FarmError: the pipeline or one of its options is unknown or wrong.
        """
        kind = kind_of(name)
        kind.check(options)
        return cls(name, kind.options_hash(options), commit)

    def expected(self, etag: str | None, marker: Marker) -> Expected:
        """Return what the marker of an input with this etag would say now."""
        fits = not self.commit or marker.revision.endswith(self.commit)
        return Expected(etag, self.name, self.options_hash, marker.revision if fits else self.commit)


class InputEtags:
    """The etag of each listed document's input, in 8 bytes.

    Two of a document's etags share a digest with a probability of 5e-20; the marker would then be taken for fresh.
    """

    def __init__(self, documents: DocumentTable) -> None:
        """Know no etag yet."""
        self._documents = documents
        self._digests = array("Q", bytes(_DIGEST_BYTES * len(documents)))

    def add(self, key: str, etag: str) -> None:
        """Take the etag of the input with this key, where the shards list it."""
        position = self._documents.position(key)
        if position is not None:
            self._digests[position] = _digest(etag)

    def now(self, key: str, etag: str) -> str | None:
        """Return ``etag`` where the input still has it, ``None`` where there is no input, else another text."""
        position = self._documents.position(key)
        digest = 0 if position is None else self._digests[position]
        if not digest:
            return None
        return etag if digest == _digest(etag) else f"digest {digest:x}"


def find_stale(
    client: S3Client, inputs: S3Client, manifests: S3Uri, results: S3Uri, marked: MarkedDocuments, now: PipelineNow
) -> dict[int, Counter[str]]:
    """Return how many markers of each shard's documents are stale, by what has changed since they were written.

    Takes a request for each document that is done or failed, one for each thousand inputs and, once more, the
    manifests and a listing of the markers. An input that is gone is no other input.

    Args:
        client: of the S3 that has manifests and results.
        inputs: of the S3 that has the documents.
        manifests: prefix of the shards.
        results: prefix of the markers.
        marked: what the markers' names say.
        now: what documents would be processed with.

    Raises:
        FarmError: a manifest is malformed.
        S3Error: S3 could not be read.
    """
    documents = marked.table
    etags = InputEtags(documents)
    for prefix in _input_prefixes(client, manifests, marked.shards):
        for item in list_objects(inputs, prefix):
            etags.add(item.uri.key, item.etag)

    def read(found: tuple[str, DocumentState]) -> Marker | RecordError:
        return read_marker(client, marker_uri(results, *found))

    stale: dict[int, Counter[str]] = {}
    for (key, _state), marker in read_each(read, _current(client, results, documents)):
        if not isinstance(marker, Marker):
            # Nobody can tell what it was made from and by.
            stale.setdefault(documents.shard(key), Counter())[UNREADABLE] += 1
            continue
        reason = stale_reason(marker, now.expected(etags.now(key, marker.etag), marker))
        if reason:
            stale.setdefault(documents.shard(key), Counter())[reason] += 1
    return stale


def describe_stale(stale: Mapping[int, Mapping[str, int]]) -> str:
    """Return one line for people on what :func:`find_stale` found."""
    reasons: Counter[str] = Counter()
    for counts in stale.values():
        reasons.update(counts)
    unreadable = reasons.pop(UNREADABLE, 0)
    told = f" ({unreadable} markers cannot be read: nobody can tell)" if unreadable else ""
    if not reasons:
        return f"stale: none{told}"
    changed = "; ".join(f"{count} for another {reason}" for reason, count in sorted(reasons.items()))
    return f"stale: {changed} than when they were marked: process.yml -e redo_stale=true does them again{told}"


def _current(client: S3Client, results: S3Uri, documents: DocumentTable) -> Iterator[tuple[str, DocumentState]]:
    """Yield the key and the state of each listed document, from the marker that counts."""
    prefix = status_folder(results)
    for key, state, _when in marked_documents(list_objects(client, prefix), prefix):
        if documents.state(key) is state:
            yield key, state


def _input_prefixes(client: S3Client, manifests: S3Uri, shards: tuple[int, ...]) -> list[S3Uri]:
    prefixes: dict[str, str] = {}
    for shard in shards:
        for document in iter_manifest(client, manifests, shard):
            uri = S3Uri.parse(document.uri)
            prefixes[uri.bucket] = commonprefix([prefixes.get(uri.bucket, uri.key), uri.key])  # noqa: RUF071 - S3's are such
    return [S3Uri(bucket, prefix) for bucket, prefix in prefixes.items()]


def _digest(etag: str) -> int:
    return int.from_bytes(blake2b(etag.encode(), digest_size=_DIGEST_BYTES).digest())
