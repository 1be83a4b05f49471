# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole farm's state, read from S3 alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .._records.codec import RecordError
from .._records.document import DocumentState
from .._records.failure_classes import FailureClass
from .._records.history import History
from .._records.markers import Marker, read_marker
from .._records.names import marker_uri
from .._records.node import NodeRecord
from .._records.progress import Progress
from .._records.stage import Stage
from .._records.summary import Summary
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .account import NO_SHARD, Account, Collection, Sums, read_account
from .costs import PaidTime, paid_time
from .efforts import read_efforts
from .formula_failures import FormulaFailures, read_formula_failures
from .nodes import read_nodes
from .pieces import Pieces, pieces_of
from .reconciliation import Reconciliation, ShardStatus, empty_status, reconcile, shard_statuses
from .supervisors import find_supervisors, read_heartbeats, read_histories
from .text_quality import TextQuality, read_text_quality

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# Failed documents of each class and shard that are named one by one; the rest is counted. Pieces, of which there are
# thousands, count as one shard.
MOST_NAMED = 25
# The class of a failed document whose marker does not tell it.
UNKNOWN_CLASS = "unknown"
_POOR_CLASSES = frozenset(each.value for each in FailureClass if each.meaning.is_poor_text)


@dataclass(frozen=True)
class Balance:
    """How even a cut is: the slowest shard's time over the ideal one, and what no other cut can be below."""

    imbalance: float | None
    imbalance_lower_bound: float | None


@dataclass(frozen=True)
class Look:
    """A cut, and what became of every document of its table.

    Attributes:
        summary: of the cut.
        collection: what the account was taken of.
        account: of the documents.
        stage: of the cut.
    """

    summary: Summary
    collection: Collection
    account: Account
    stage: Stage

    @property
    def pending(self) -> int:
        """Documents of the shards that the stage has not ended."""
        shards = shard_statuses(self.summary.shard_numbers, self.account, {})
        return sum(each.waiting[self.stage] for each in shards)


@dataclass(frozen=True)
class Farm:
    """All shards, what their supervisors last said, and the account of the documents.

    Attributes:
        shards: in order of their numbers; of a cut of pieces the supervisors, which have no documents of their own.
        progress: by shard; a shard nobody has started is absent.
        ages: how many seconds ago each progress was written, by shard.
        histories: what each shard has done over time; a shard that was only just started is absent.
        failed_documents: of each class and shard the first ones that were found, :data:`MOST_NAMED` at most; of a cut
            of pieces, of each class.
        balance: how even the cut is.
        no_shard: documents of the table that no shard lists: of earlier cuts, counted later, or left out of a trial.
        skipped: rows of the table that are no work, by reason.
        paid: of all nodes, for shards of earlier cuts and other stages too.
        unreadable: a sentence for each object that cannot be read; it counts as having said nothing.
        recognised: of the documents that are done, the ones that stage ``ocr`` has gone on with.
        stage: of the shards.
        failed_at_stage: of the documents that failed, the ones that did at the stage, by class.
        poor: of the documents that failed, the ones whose text is no text; pages that their markers do not tell count
            as none.
        text_quality: what the text of the documents that are done is worth.
        formula_failures: of the documents that are done, the ones whose formulas could not be read; looked for at stage
            ``math`` alone.
        formulas_ended: of the documents that are done, the ones that stage ``math`` has ended.
        nodes: what they say of themselves.
        pieces: of a cut of pieces; ``None`` of one with a shard for each node.
    """

    shards: tuple[ShardStatus, ...]
    progress: Mapping[int, Progress]
    ages: Mapping[int, float]
    histories: Mapping[int, History]
    failed_documents: tuple[Marker, ...]
    balance: Balance
    no_shard: ShardStatus
    skipped: Mapping[str, int]
    reconciliation: Reconciliation
    paid: PaidTime
    unreadable: tuple[str, ...] = ()
    recognised: Sums = field(default_factory=Sums)
    stage: Stage = Stage.TEXT
    failed_at_stage: Mapping[str, int] = field(default_factory=dict)
    poor: Sums = field(default_factory=Sums)
    text_quality: TextQuality = field(default_factory=TextQuality)
    formula_failures: FormulaFailures = field(default_factory=FormulaFailures)
    formulas_ended: int = 0
    nodes: tuple[NodeRecord, ...] = ()
    pieces: Pieces | None = None

    @property
    def cut(self) -> tuple[ShardStatus, ...]:
        """What became of all documents of the cut; those of pieces are all together."""
        return self.shards if self.pieces is None else (self.pieces.total,)

    @property
    def waiting(self) -> int:
        """Documents of the cut that wait for the stage."""
        return sum(each.waiting[self.stage] for each in self.cut)

    @property
    def ended(self) -> int:
        """Documents that the stage has ended, if only by handing them on."""
        account = self.reconciliation
        if self.stage is Stage.TEXT:
            return account.input - account.pending_by_stage[Stage.TEXT]
        if self.stage is Stage.OCR:
            return self.recognised.documents + sum(self.failed_at_stage.values())
        return self.formulas_ended

    @property
    def failures(self) -> Mapping[str, int]:
        """How many documents the stage has failed on, by class: those of stage ``math`` are done all the same."""
        return self.formula_failures.by_class if self.stage is Stage.MATH else self.failed_at_stage

    @property
    def pages_done(self) -> int:
        """Pages of all documents that are done, of whichever shard."""
        return sum(shard.pages_done for shard in [*self.cut, self.no_shard])


@dataclass(frozen=True)
class _Failures:
    """The failed documents.

    Attributes:
        by_class: how many, for each shard that has any.
        at_stage: of these, the ones that failed at the stage that is looked at.
        named: the first markers of each.
        poor: see :class:`Farm`.
        problems: a sentence for each marker that cannot be read.
    """

    by_class: Mapping[int, Counter[str]]
    at_stage: Mapping[str, int]
    named: tuple[Marker, ...]
    poor: Sums
    problems: list[str]


def look(
    client: S3Client,
    manifests: S3Uri,
    results: S3Uri,
    summary_name: str,
    stage: Stage = Stage.TEXT,
    *,
    verify_outputs: bool,
) -> Look:
    """Return the last cut of a stage and what became of every document; see :func:`read_account`."""
    return Look(*read_account(client, manifests, results, summary_name, verify_outputs=verify_outputs), stage)


def read_farm(client: S3Client, results: S3Uri, found: Look) -> Farm:
    """Return the farm's state. Takes one read for each failed document, several at a time.

    At stage ``math`` it takes one more for each document that is done and on whose formulas that may have failed.

    Raises:
        S3Error: S3 could not be read.
    """
    account, summary = found.account, found.summary
    failures = _failures(client, results, account.failed, found)
    problems = failures.problems
    shards = cut = shard_statuses(summary.shard_numbers, account, failures.by_class)
    pieces = None
    if summary.piece_pages:
        pieces = pieces_of(summary.shards, cut, found.stage)
    numbers = summary.shard_numbers if pieces is None else find_supervisors(client, results, found.stage)
    (no_shard,) = shard_statuses([NO_SHARD], account, failures.by_class)
    heartbeats = read_heartbeats(client, results, numbers, found.stage)
    if pieces is not None:
        shards = tuple(map(empty_status, heartbeats.by_shard))
    histories = read_histories(client, results, heartbeats.by_shard, found.stage)
    progress = {shard: each.progress for shard, each in heartbeats.by_shard.items()}
    efforts, nodes = read_efforts(client, results), read_nodes(client, results)
    text_quality = read_text_quality(client, results, numbers, found.stage)
    in_doubt = account.formulas_in_doubt if found.stage is Stage.MATH else ()
    formula_failures = read_formula_failures(client, results, (key for key, _shard in in_doubt), MOST_NAMED)
    if account.strangers:
        problems.append(
            f"{account.strangers} documents of the shards are not in {summary.counts}, or cannot be worked on by it "
            "any more: it was written again after the cut. Cut the shards again."
        )
    return Farm(
        shards=shards,
        progress=progress,
        ages={shard: each.age for shard, each in heartbeats.by_shard.items()},
        histories=histories.by_shard,
        failed_documents=failures.named,
        balance=Balance(summary.imbalance, summary.imbalance_lower_bound),
        recognised=account.recognised,
        stage=found.stage,
        failed_at_stage=failures.at_stage,
        poor=failures.poor,
        text_quality=text_quality,
        formula_failures=formula_failures,
        formulas_ended=account.formulas_ended,
        no_shard=no_shard,
        skipped=account.skipped,
        reconciliation=reconcile(summary.totals.documents, cut, no_shard, account),
        paid=paid_time(nodes.records, efforts),
        nodes=nodes.records,
        pieces=pieces,
        unreadable=tuple(
            dict.fromkeys(
                [
                    *problems,
                    *heartbeats.problems,
                    *histories.problems,
                    *efforts.problems,
                    *nodes.problems,
                    *text_quality.problems,
                    *formula_failures.problems,
                ]
            )
        ),
    )


def _failures(client: S3Client, results: S3Uri, failed: Iterable[tuple[str, int]], cut: Look) -> _Failures:
    """Return the failed documents of a cut, each of which has its shard, by class."""

    def read(document: tuple[str, int]) -> Marker | RecordError:
        return read_marker(client, marker_uri(results, document[0], DocumentState.FAILED))

    failures: defaultdict[int, Counter[str]] = defaultdict(Counter)
    at_stage = Counter[str]()
    poor = Sums()
    named = []
    problems = []
    in_group = Counter[tuple[int | None, str]]()
    for (key, shard), found in read_each(read, failed):
        failure_class = (isinstance(found, Marker) and found.failure_class) or UNKNOWN_CLASS
        failures[shard][failure_class] += 1
        at_stage[failure_class] += isinstance(found, Marker) and found.stage == cut.stage
        if isinstance(found, Marker) and failure_class in _POOR_CLASSES:
            poor.documents += 1
            poor.pages += found.pages or 0
        group = None if cut.summary.piece_pages and shard != NO_SHARD else shard, failure_class
        in_group[group] += 1
        if in_group[group] > MOST_NAMED:
            continue
        if isinstance(found, Marker):
            # Its name is the truth of whose it is.
            named.append(replace(found, uri=found.uri or key))
        else:
            problems.append(f"{found} The document stays failed, of class {UNKNOWN_CLASS}.")
    return _Failures(failures, +at_stage, tuple(named), poor, problems)
