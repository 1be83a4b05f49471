# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole farm's state, read from S3 alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._records.codec import RecordError
from .._records.document import DocumentState
from .._records.finished import marked_documents
from .._records.history import History
from .._records.manifest import iter_manifest
from .._records.markers import Marker, read_marker
from .._records.names import key_of_markdown, markdown_folder, marker_uri, outputs_prefix, status_folder
from .._records.progress import Progress
from .._records.summary import read_summary
from .._s3.objects import list_folders, list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .documents import DocumentTable
from .reconciliation import Reconciliation, ShardStatus, reconcile, shard_statuses
from .supervisors import read_heartbeats, read_histories, starts

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# Failed documents of each class and shard that are named one by one; the rest is counted.
MOST_NAMED = 25
# The class of a failed document whose marker does not tell it.
UNKNOWN_CLASS = "unknown"


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
        unreadable: a sentence for each object that cannot be read; it counts as having said nothing.
    """

    shards: tuple[ShardStatus, ...]
    progress: Mapping[int, Progress]
    ages: Mapping[int, float]
    histories: Mapping[int, History]
    failed_documents: tuple[Marker, ...]
    balance: Balance
    skipped: Mapping[str, int]
    reconciliation: Reconciliation
    unreadable: tuple[str, ...] = ()

    @property
    def started(self) -> dict[int, float]:
        """When the first supervisor of each shard started, see :func:`starts`."""
        return starts(self.progress, self.histories)


def read_markers(client: S3Client, manifests: S3Uri, results: S3Uri, summary_name: str) -> MarkedDocuments:
    """Return every document of the cut with its state.

    Takes the manifests and one listing of the markers: a request for each thousand markers.

    Raises:
        NotYetError: the cut's summary or a manifest is missing.
        FarmError: one of them is malformed.
        S3Error: S3 could not be read.
    """
    summary = read_summary(client, manifests, summary_name)
    shards = summary.shard_numbers
    table = DocumentTable((shard, document) for shard in shards for document in iter_manifest(client, manifests, shard))
    status = status_folder(results)
    for key, state, marked_at in marked_documents(list_objects(client, status), status):
        table.mark(key, state, marked_at)
    return MarkedDocuments(
        shards=shards,
        input=summary.totals.documents,
        balance=Balance(summary.imbalance, summary.imbalance_lower_bound),
        skipped=summary.skipped,
        table=table,
    )


def read_farm(client: S3Client, results: S3Uri, marked: MarkedDocuments, *, verify_outputs: bool) -> Farm:
    """Return the farm's state.

    Takes one read for each failed document, several at a time, and with ``verify_outputs`` a
    listing of all Markdown.

    Raises:
        S3Error: S3 could not be read.
    """
    if verify_outputs:
        _find_markdown(client, results, marked.table)
    failures, failed_documents, problems = _failures(client, results, marked.table)
    shards = shard_statuses(marked.shards, marked.table, failures)
    heartbeats = read_heartbeats(client, results, marked.shards)
    histories = read_histories(client, results, heartbeats.by_shard)
    progress = {shard: each.progress for shard, each in heartbeats.by_shard.items()}
    timeless = progress.keys() - starts(progress, histories.by_shard).keys()
    problems += [
        f"shard {shard}: it does not say since when it worked; its costs are not in." for shard in sorted(timeless)
    ]
    return Farm(
        shards=shards,
        progress=progress,
        ages={shard: each.age for shard, each in heartbeats.by_shard.items()},
        histories=histories.by_shard,
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
        unreadable=(*problems, *heartbeats.problems, *histories.problems),
    )


def _failures(
    client: S3Client, results: S3Uri, table: DocumentTable
) -> tuple[Mapping[int, Counter[str]], tuple[Marker, ...], list[str]]:
    """Return the failed documents by class, for each shard that has any, the first of each, and unreadable markers."""

    def read(key: str) -> Marker | RecordError:
        return read_marker(client, marker_uri(results, key, DocumentState.FAILED))

    failures: defaultdict[int, Counter[str]] = defaultdict(Counter)
    named = []
    problems = []
    failed = table.failed()
    for key, found in read_each(read, failed):
        failure_class = (isinstance(found, Marker) and found.failure_class) or UNKNOWN_CLASS
        failures[failed[key]][failure_class] += 1
        if failures[failed[key]][failure_class] > MOST_NAMED:
            continue
        if isinstance(found, Marker):
            # Its name is the truth of whose it is.
            named.append(replace(found, uri=found.uri or key))
        else:
            problems.append(f"{found} The document stays failed, of class {UNKNOWN_CLASS}.")
    return failures, tuple(named), problems


def _find_markdown(client: S3Client, results: S3Uri, table: DocumentTable) -> None:
    """Tell the table of every Markdown that is not empty, several shards at a time."""

    def find(markdown: S3Uri) -> None:
        for item in list_objects(client, markdown):
            if item.bytes:
                table.add_markdown(key_of_markdown(markdown, item.uri))

    # Not of the present shards alone: a document may have been done under the shard of an earlier cut.
    folders = (markdown_folder(results, folder) for folder in list_folders(client, outputs_prefix(results)))
    for _ in read_each(find, filter(None, folders)):
        pass
