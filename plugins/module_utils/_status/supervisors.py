# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the supervisors say of their shards.

None of it is the truth: what cannot be read says nothing, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from .._records import history
from .._records.codec import RecordError
from .._records.history import History
from .._records.names import (
    history_uri,
    progress_uri,
    shard_of_progress,
    shard_quality_uri,
    supervisors_prefix,
)
from .._records.progress import Progress
from .._records.shard_quality import ShardQuality
from .._records.stage import Stage
from .._s3.objects import Version, if_exists, list_objects, read_version
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SaidT = TypeVar("SaidT")


@dataclass(frozen=True)
class Heartbeat:
    """What a shard's supervisor last said, and how many seconds ago by S3's clock."""

    progress: Progress
    age: float


@dataclass(frozen=True)
class Readings(Generic[SaidT]):
    """What was read of several shards.

    Attributes:
        by_shard: what was found; a shard nobody has started is absent.
        problems: a sentence for each object that cannot be read; it counts as having said nothing.
    """

    by_shard: dict[int, SaidT]
    problems: tuple[str, ...] = ()


def find_supervisors(client: S3Client, results: S3Uri, stage: Stage) -> tuple[int, ...]:
    """Return the numbers of all supervisors that have ever said anything at a stage. Takes one listing.

    Raises:
        S3Error: S3 could not be read.
    """
    listed = list_objects(client, supervisors_prefix(results, stage))
    numbers = (shard_of_progress(results, item.uri, stage) for item in listed)
    return tuple(sorted(number for number in numbers if number is not None))


def read_heartbeats(
    client: S3Client, results: S3Uri, shards: Iterable[int], stage: Stage = Stage.TEXT
) -> Readings[Heartbeat]:
    """Return what the supervisor of each shard last said, at a stage.

    Raises:
        S3Error: S3 could not be read.
    """

    def parse(version: Version, where: str) -> Heartbeat:
        return Heartbeat(Progress.from_json(version.body, where), version.age)

    return _read(client, shards, lambda shard: progress_uri(results, shard, stage), parse)


def read_progress(
    client: S3Client, results: S3Uri, shards: Iterable[int], stage: Stage = Stage.TEXT
) -> Readings[Progress]:
    """Return the same without its age."""
    heartbeats = read_heartbeats(client, results, shards, stage)
    return Readings({shard: each.progress for shard, each in heartbeats.by_shard.items()}, heartbeats.problems)


def read_histories(
    client: S3Client, results: S3Uri, shards: Iterable[int], stage: Stage = Stage.TEXT
) -> Readings[History]:
    """Return what each shard has done over time, at a stage.

    Raises:
        S3Error: S3 could not be read.
    """
    return _read(client, shards, lambda shard: history_uri(results, shard, stage), _of_body(history.from_json))


def read_qualities(
    client: S3Client, results: S3Uri, shards: Iterable[int], stage: Stage = Stage.TEXT
) -> Readings[ShardQuality]:
    """Return what the text of each shard's documents is worth, at a stage.

    Raises:
        S3Error: S3 could not be read.
    """
    parse = _of_body(ShardQuality.from_json)
    return _read(client, shards, lambda shard: shard_quality_uri(results, shard, stage), parse)


def _of_body(from_json: Callable[[bytes, str], SaidT]) -> Callable[[Version, str], SaidT]:
    return lambda version, where: from_json(version.body, where)


def _read(
    client: S3Client, shards: Iterable[int], name: Callable[[int], S3Uri], parse: Callable[[Version, str], SaidT]
) -> Readings[SaidT]:
    found: dict[int, SaidT] = {}
    problems = []
    for shard in shards:
        uri = name(shard)
        version = if_exists(partial(read_version, client, uri))
        if version is None:
            continue
        try:
            found[shard] = parse(version, str(uri))
        except RecordError as error:
            problems.append(f"shard {shard}: {error}")
    return Readings(found, tuple(problems))
