# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds, over a whole farm, the markers that no longer fit their input or the pipeline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from os.path import commonprefix
from typing import TYPE_CHECKING, Any, NamedTuple

from .._pipelines.registry import kind_of
from .._records.codec import RecordError
from .._records.document import DocumentState
from .._records.facts import Facts
from .._records.finished import state_of
from .._records.markers import Marker, read_marker_of_stage
from .._records.page_counts import decode_field, encode_field
from .._records.stale import Expected, stale_reason
from .._records.work import WorkTable
from .._s3.objects import list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .account import Collection, shard_of

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


def find_stale(
    client: S3Client, inputs: S3Client, results: S3Uri, collection: Collection, now: PipelineNow
) -> dict[int, Counter[str]]:
    """Return how many markers of each shard's documents are stale, by what has changed since they were written.

    Takes a request for each document that is done or failed, and one for each thousand inputs. An input that is gone
    is no other input.

    Args:
        client: of the S3 that has the results.
        inputs: of the S3 that has the documents.
        results: prefix of the markers.
        collection: the documents.
        now: what documents would be processed with.

    Raises:
        FarmError: the table is malformed, or there is no room on this machine.
        S3Error: S3 could not be read.
    """
    etags = Facts(_DIGEST_BYTES)
    for prefix in _input_prefixes(collection.table):
        etags.add((encode_field(item.uri.key), _digest(item.etag)) for item in list_objects(inputs, prefix))

    stage = kind_of(now.name).stage

    def read(found: _Marked) -> Marker | RecordError | None:
        return read_marker_of_stage(client, results, found.key, found.state, stage)

    stale: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for found, marker in read_each(read, _marked(collection, etags)):
        if marker is None:
            continue
        if not isinstance(marker, Marker):
            # Nobody can tell what it was made from and by.
            stale[found.shard][UNREADABLE] += 1
            continue
        reason = stale_reason(marker, now.expected(found.etag_now(marker.etag), marker))
        if reason:
            stale[found.shard][reason] += 1
    return dict(stale)


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


class _Marked(NamedTuple):
    """A document of a shard that is done or failed.

    Attributes:
        etag: digest of its input's, ``None`` where there is no input. Two etags share a digest with a probability of
            5e-20; the marker would then be taken for fresh.
    """

    key: str
    shard: int
    state: DocumentState
    etag: bytes | None

    def etag_now(self, etag: str) -> str | None:
        """Return ``etag`` where the input still has it, ``None`` where there is no input, else another text."""
        if self.etag is None:
            return None
        return etag if self.etag == _digest(etag) else f"digest {self.etag.hex()}"


def _marked(collection: Collection, etags: Facts) -> Iterator[_Marked]:
    readers = collection.shards.read(), collection.markers.read(), etags.read()
    for batch, (shards, markers, found) in collection.table.beside(*readers):
        for key, _uri, _pages, _size in batch:
            shard, state = shards.get(key), state_of(markers.get(key))
            if shard is not None and state is not None:
                yield _Marked(decode_field(key), shard_of(shard), state, found.get(key))


def _input_prefixes(table: WorkTable) -> list[S3Uri]:
    """Return what the keys of all documents of a bucket begin with."""
    prefixes: dict[str, str] = {}
    for batch in table.batches():
        for _key, encoded, _pages, _size in batch:
            uri = S3Uri.parse(decode_field(encoded))
            prefixes[uri.bucket] = commonprefix([prefixes.get(uri.bucket, uri.key), uri.key])  # noqa: RUF071 - S3's are such
    return [S3Uri(bucket, prefix) for bucket, prefix in prefixes.items()]


def _digest(etag: str) -> bytes:
    return blake2b(etag.encode(), digest_size=_DIGEST_BYTES).digest()
