# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text of a farm's documents is worth, without reading a record of each.

Each shard's supervisors name the documents with the lowest scores; only these are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from .._records.document import DocumentState
from .._records.markers import Marker, read_marker_if_exists
from .._records.names import marker_uri, progress_folder, shard_of_quality
from .._records.shard_quality import Scored, ShardQuality
from .._records.stage import Stage
from .._s3.objects import list_objects
from .._s3.parallel import READERS, read_each
from .._s3.uri import S3Uri
from .supervisors import read_qualities

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Documents with the lowest scores that are told of a farm.
MOST_WORST = 25


@dataclass(frozen=True)
class TextQuality:
    """What is known of the text of documents that are done.

    Attributes:
        by_shard: of the shards of one stage; one that has measured none is absent.
        worst: markers of the documents with the lowest scores of all shards, cuts and stages, the lowest first.
        problems: a sentence for each object that cannot be read.
    """

    by_shard: dict[int, ShardQuality] = field(default_factory=dict)
    worst: tuple[Marker, ...] = ()
    problems: tuple[str, ...] = ()


def read_text_quality(client: S3Client, results: S3Uri, shards: Iterable[int], stage: Stage) -> TextQuality:
    """Return what the text is worth.

    Takes a listing for each stage, a read for each shard, and a few for each document that is told, whatever the
    collection's size.

    Args:
        client: of the S3 that has the results.
        results: their prefix.
        shards: whose quality is wanted.
        stage: of these shards.

    Raises:
        S3Error: S3 could not be read.
    """
    found = {each: _read_stage(client, results, each) for each in Stage}
    candidates = {
        document for read in found.values() for quality in read.by_shard.values() for document in quality.worst
    }
    by_shard = found[stage].by_shard
    return TextQuality(
        {shard: by_shard[shard] for shard in shards if shard in by_shard},
        tuple(islice(_still_so(client, results, candidates), MOST_WORST)),
        tuple(problem for read in found.values() for problem in read.problems),
    )


def _read_stage(client: S3Client, results: S3Uri, stage: Stage) -> TextQuality:
    # Of earlier cuts too, whose documents are still in the corpus.
    uris = [item.uri for item in list_objects(client, progress_folder(results, stage))]
    shards = sorted(shard for uri in uris if (shard := shard_of_quality(results, uri, stage)) is not None)
    read = read_qualities(client, results, shards, stage)
    return TextQuality(read.by_shard, (), read.problems)


def _still_so(client: S3Client, results: S3Uri, candidates: Iterable[Scored]) -> Iterator[Marker]:
    """Yield the markers of those candidates that still have the score under which they are named, lowest first.

    A document that was done again since is named with its new score where that is among the lowest.
    """

    def read(candidate: Scored) -> Marker | None:
        done = _marker(client, results, candidate.key, DocumentState.DONE)
        if done is None or done.quality is None or done.quality.score != candidate.score:
            return None
        if done.uri.split("/", 3)[3:] != [candidate.key]:
            # It names another document, or none.
            return None
        others = (
            _marker(client, results, candidate.key, state) for state in (DocumentState.FORWARDED, DocumentState.FAILED)
        )
        is_undone = any(other is not None and other.finished_at > done.finished_at for other in others)
        return None if is_undone else done

    in_order = sorted(candidates, key=lambda document: (document.score, document.key))
    for _candidate, marker in read_each(read, in_order, ahead=READERS):
        if marker is not None:
            yield marker


def _marker(client: S3Client, results: S3Uri, key: str, state: DocumentState) -> Marker | None:
    marker = read_marker_if_exists(client, marker_uri(results, key, state))
    return marker if isinstance(marker, Marker) else None
