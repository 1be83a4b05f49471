# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every document: ``input = done + failed + pending``, for each shard and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._records.document import DocumentState
from .._records.stage import Stage
from .account import Account


@dataclass(frozen=True)
class ShardStatus:
    """One shard, or what is in none, as the markers have it.

    Attributes:
        shard: its number; :data:`NO_SHARD` for the documents that no shard lists.
        documents: documents its manifest lists that are work of the table; ``pages`` their pages.
        done: of these, the ones with a marker of success; ``pages_done`` their pages.
        failed: of these, the ones with a marker of failure; ``pages_failed`` their pages.
        failures: the failed ones by class.
        forwarded: of the pending ones, those that stage ``ocr`` is to go on with; ``pages_forwarded`` their pages.
        open_formulas: of the ones that are done, those whose formulas stage ``math`` is to read.
    """

    shard: int
    documents: int
    pages: int
    done: int
    pages_done: int
    failed: int
    pages_failed: int
    pending: int
    failures: dict[str, int]
    forwarded: int = 0
    pages_forwarded: int = 0
    open_formulas: int = 0

    @property
    def waiting(self) -> dict[Stage, int]:
        """How many of its documents wait for each stage."""
        return {
            Stage.TEXT: self.pending - self.forwarded,
            Stage.OCR: self.forwarded,
            Stage.MATH: self.open_formulas,
        }

    @property
    def pages_pending(self) -> int:
        """Pages of documents that are neither done nor failed."""
        return self.pages - self.pages_done - self.pages_failed


def empty_status(shard: int) -> ShardStatus:
    """Return that of a shard without a document, as of a supervisor that takes pieces from a queue."""
    return ShardStatus(shard, 0, 0, 0, 0, 0, 0, 0, {})


@dataclass(frozen=True)
class Reconciliation:
    """Whether the account balances.

    Attributes:
        input: documents of the page-count table that are work.
        pending_by_stage: the pending ones, by the stage that they wait for.
        unlisted: documents with a marker that are no work of the table, as of one that was deleted.
        strangers: documents of the shards that are no work of the table, as one that was deleted after the cut.
        open_formulas: documents that are done, whose formulas stage ``math`` is to read.
        missing_outputs: documents with a marker of success but no Markdown; ``None`` where not looked for.
        problems: why it does not balance, one sentence each; empty where it does.
    """

    input: int
    done: int
    failed: int
    pending: int
    pending_by_stage: dict[str, int]
    unlisted: int
    strangers: int
    open_formulas: int
    missing_outputs: int | None
    problems: tuple[str, ...]

    @property
    def balances(self) -> bool:
        """Whether ``input = done + failed + pending`` and nothing called done is missing."""
        return not self.problems


def shard_statuses(
    shards: Sequence[int], account: Account, failures: Mapping[int, Mapping[str, int]]
) -> tuple[ShardStatus, ...]:
    """Return what the markers say of each shard, in the order of ``shards``.

    Args:
        shards: their numbers.
        account: the sums of each.
        failures: the failed documents of a shard by class; a shard without any may be absent.
    """
    return tuple(_status(shard, account, failures.get(shard, {})) for shard in shards)


def _status(shard: int, account: Account, failures: Mapping[str, int]) -> ShardStatus:
    states = (DocumentState.DONE, DocumentState.FAILED, DocumentState.FORWARDED, None)
    done, failed, forwarded, pending = (account.sums[shard, state] for state in states)
    return ShardStatus(
        shard=shard,
        documents=done.documents + failed.documents + forwarded.documents + pending.documents,
        pages=done.pages + failed.pages + forwarded.pages + pending.pages,
        done=done.documents,
        pages_done=done.pages,
        failed=failed.documents,
        pages_failed=failed.pages,
        pending=forwarded.documents + pending.documents,
        failures=dict(sorted(failures.items())),
        forwarded=forwarded.documents,
        pages_forwarded=forwarded.pages,
        open_formulas=account.open_formulas[shard],
    )


def reconcile(
    cut_documents: int, shards: Sequence[ShardStatus], no_shard: ShardStatus, account: Account
) -> Reconciliation:
    """Return what became of the documents of the table, and whether the cut is whole.

    Args:
        cut_documents: how many documents the cut's summary put into shards.
        shards: of the cut.
        no_shard: the documents that no shard lists.
        account: what was found beside them.
    """
    all_of_them = [*shards, no_shard]
    problems = []
    if cut_documents != account.listed:
        problems.append(
            f"The cut's summary has {cut_documents} documents but its shards list {account.listed}: "
            "the manifests were written only in part or edited; cut the shards again."
        )
    if account.listed_twice:
        problems.append(
            f"{account.listed_twice} documents are listed twice, in two shards or in one; cut the shards again."
        )
    if account.missing_markdown:
        problems.append(
            f"{account.missing_markdown} documents are marked done but have no Markdown: delete their .done markers "
            "and process again."
        )
    return Reconciliation(
        input=sum(each.documents for each in all_of_them),
        done=sum(each.done for each in all_of_them),
        failed=sum(each.failed for each in all_of_them),
        pending=sum(each.pending for each in all_of_them),
        # What waits for stage math is done.
        pending_by_stage={
            stage.value: sum(each.waiting[stage] for each in all_of_them) for stage in (Stage.TEXT, Stage.OCR)
        },
        unlisted=account.unlisted,
        strangers=account.strangers,
        open_formulas=sum(each.open_formulas for each in all_of_them),
        missing_outputs=account.missing_markdown,
        problems=tuple(problems),
    )
