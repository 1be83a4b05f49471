# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole farm's state, read from S3 alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._errors import FarmError, NotYetError
from .._records import history
from .._records.history import History
from .._records.manifest import iter_manifest
from .._records.markers import DocumentState, Marker, marked_documents, marker_uri, status_prefix
from .._records.progress import Progress, progress_uri
from .._s3.errors import MissingError
from .._s3.objects import list_folders, list_objects, read_bytes, read_bytes_if_exists, read_version
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .documents import DocumentTable
from .reconciliation import Reconciliation, ShardStatus, reconcile, shard_statuses

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# Failed documents of each class and shard that are named one by one; the rest is counted.
MOST_NAMED = 25


@dataclass(frozen=True)
class Balance:
    """How even a cut is: the slowest shard's time over the ideal one, and what no other cut can be below."""

    imbalance: float | None
    imbalance_lower_bound: float | None


@dataclass(frozen=True)
class MarkedDocuments:
    """A cut's documents and what the markers say of each.

    Attributes:
        shards: the numbers of the cut's shards.
        input: documents the cut put into shards, as its summary says.
        balance: likewise.
        skipped: documents no shard got, by reason, from the summary.
    """

    shards: tuple[int, ...]
    input: int
    balance: Balance
    skipped: Mapping[str, int]
    table: DocumentTable

    @property
    def pending(self) -> int:
        """Documents without a marker."""
        return self.table.pending


@dataclass(frozen=True)
class Farm:
    """All shards, what their supervisors last said, and the account of the documents.

    Attributes:
        shards: in order of their numbers.
        progress: by shard; a shard nobody has started is absent.
        ages: how many seconds ago each progress was written, by shard.
        histories: what each shard has done over time; a shard that was only just started is absent.
        failed_documents: of each class and shard the first ones that were found, :data:`MOST_NAMED` at most.
        balance: how even the cut is.
        skipped: documents no shard got, by reason, from the cut's summary.
    """

    shards: tuple[ShardStatus, ...]
    progress: Mapping[int, Progress]
    ages: Mapping[int, float]
    histories: Mapping[int, History]
    failed_documents: tuple[Marker, ...]
    balance: Balance
    skipped: Mapping[str, int]
    reconciliation: Reconciliation

    @property
    def started(self) -> dict[int, float]:
        """When the first supervisor of each shard started, see :func:`starts`."""
        return starts(self.progress, self.histories)


def read_summary(client: S3Client, manifests: S3Uri, summary_name: str) -> dict[str, Any]:
    """Return the summary of the cut below ``manifests``.

    Raises:
        NotYetError: there is none.
        FarmError: it is something else.
        S3Error: it could not be read.
    """
    uri = manifests.join(summary_name)
    try:
        summary = json.loads(read_bytes(client, uri))
        numbers = [summary["totals"]["documents"]]
        numbers += [shard[name] for shard in summary["shards"] for name in ("shard", "documents", "pages")]
        if not all(isinstance(number, int) for number in numbers):
            raise TypeError("totals or shards are of another type")
    except MissingError as error:
        raise NotYetError(f"There is no summary at {uri}: cut the shards first (shard_manifest).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FarmError(f"{uri} is not a shard summary ({error!r}): cut the shards again (shard_manifest).") from error
    return dict(summary)


def shard_numbers(summary: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the shards that a summary lists."""
    return [shard["shard"] for shard in summary["shards"]]


@dataclass(frozen=True)
class Said:
    """What a shard's supervisor last said, and how many seconds ago by S3's clock."""

    progress: Progress
    age: float


def read_said(client: S3Client, results: S3Uri, shards: Iterable[int]) -> dict[int, Said]:
    """Return what the supervisor of each shard last said, by shard; one nobody has started is absent.

    Raises:
        FarmError: an object is not a progress file.
        S3Error: one could not be read.
    """
    found = {}
    for shard in shards:
        uri = progress_uri(results, shard)
        try:
            version = read_version(client, uri)
        except MissingError as error:
            if error.code == "NoSuchBucket":
                raise
            continue
        found[shard] = Said(Progress.from_json(version.body, str(uri)), version.age)
    return found


def read_progress(client: S3Client, results: S3Uri, shards: Iterable[int]) -> dict[int, Progress]:
    """Return what the supervisor of each shard last said, by shard (see :func:`read_said`)."""
    return {shard: said.progress for shard, said in read_said(client, results, shards).items()}


def read_histories(client: S3Client, results: S3Uri, shards: Iterable[int]) -> dict[int, History]:
    """Return what each shard has done over time; a shard without a history is absent.

    Raises:
        FarmError: an object is not a history.
        S3Error: one could not be read.
    """
    histories = {}
    for shard in shards:
        uri = history.history_uri(results, shard)
        body = read_bytes_if_exists(client, uri)
        if body is not None:
            histories[shard] = history.from_json(body, str(uri))
    return histories


def starts(progress: Mapping[int, Progress], histories: Mapping[int, History]) -> dict[int, float]:
    """Return when the first supervisor of each shard started, in seconds since the epoch of its clock."""
    return {
        shard: min([each.started_at, *(point.time for point in histories.get(shard, History()).points[:1])])
        for shard, each in progress.items()
    }


def read_markers(client: S3Client, manifests: S3Uri, results: S3Uri, summary_name: str) -> MarkedDocuments:
    """Return every document of the cut with its state.

    Takes the manifests and one listing of the markers: a request for each thousand markers.

    Raises:
        NotYetError: the cut's summary or a manifest is missing.
        FarmError: one of them is malformed.
        S3Error: S3 could not be read.
    """
    summary = read_summary(client, manifests, summary_name)
    shards = shard_numbers(summary)
    table = DocumentTable((shard, document) for shard in shards for document in iter_manifest(client, manifests, shard))
    prefix = status_prefix(results)
    for key, state, marked_at in marked_documents(list_objects(client, prefix), prefix):
        table.mark(key, state, marked_at)
    return MarkedDocuments(
        shards=tuple(shards),
        input=summary["totals"]["documents"],
        balance=Balance(summary.get("imbalance"), summary.get("imbalance_lower_bound")),
        skipped=dict(summary.get("skipped", {})),
        table=table,
    )


def read_farm(client: S3Client, results: S3Uri, marked: MarkedDocuments, *, verify_outputs: bool) -> Farm:
    """Return the farm's state.

    Takes one read for each failed document, several at a time, and with ``verify_outputs`` a
    listing of all Markdown.

    Raises:
        FarmError: a marker or a progress file is malformed.
        S3Error: S3 could not be read.
    """
    if verify_outputs:
        _find_markdown(client, results, marked.table)
    failures, failed_documents = _failures(client, results, marked.table)
    shards = shard_statuses(marked.shards, marked.table, failures)
    said = read_said(client, results, marked.shards)
    progress = {shard: each.progress for shard, each in said.items()}
    return Farm(
        shards=shards,
        progress=progress,
        ages={shard: each.age for shard, each in said.items()},
        histories=read_histories(client, results, progress),
        failed_documents=failed_documents,
        balance=marked.balance,
        skipped=marked.skipped,
        reconciliation=reconcile(
            marked.input,
            shards,
            unlisted=marked.table.unlisted,
            listed_twice=marked.table.listed_twice,
            missing_outputs=marked.table.missing_markdown if verify_outputs else None,
        ),
    )


def _failures(
    client: S3Client, results: S3Uri, table: DocumentTable
) -> tuple[Mapping[int, Counter[str]], tuple[Marker, ...]]:
    """Return the number of failed documents by class, for each shard that has any, and the first of each."""

    def marker(key: str) -> Marker:
        uri = marker_uri(results, key, DocumentState.FAILED)
        return Marker.from_json(read_bytes(client, uri), str(uri))

    failures: defaultdict[int, Counter[str]] = defaultdict(Counter)
    named = []
    failed = table.failed()
    for key, found in read_each(marker, failed):
        failure_class = found.failure_class or "unknown"
        failures[failed[key]][failure_class] += 1
        if failures[failed[key]][failure_class] <= MOST_NAMED:
            named.append(found)
    return failures, tuple(named)


def _find_markdown(client: S3Client, results: S3Uri, table: DocumentTable) -> None:
    """Tell the table of every Markdown that is not empty, several shards at a time."""

    def find(markdown: S3Uri) -> None:
        for item in list_objects(client, markdown):
            if item.bytes:
                table.add_markdown(item.uri.key.removeprefix(markdown.key).removesuffix(".md"))

    # Not of the present shards alone: a document may have been done under the shard of an earlier cut.
    shard = results.join("shard-")
    folders = [
        folder.join("markdown", "")
        for folder in list_folders(client, shard)
        if folder.key.removeprefix(shard.key).rstrip("/").isdecimal()
    ]
    for _ in read_each(find, folders):
        pass
