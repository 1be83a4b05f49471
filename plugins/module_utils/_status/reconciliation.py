# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every document: ``input = done + failed + pending``, for each shard and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._records.document import DocumentState
from .documents import DocumentTable

_ALL_STATES = (None, *DocumentState)


@dataclass(frozen=True)
class ShardStatus:
    """One shard, as the markers have it.

    Attributes:
        documents: documents its manifest lists; ``pages`` their pages.
        done: of these, the ones with a marker of success; ``pages_done`` their pages.
        failed: of these, the ones with a marker of failure; ``pages_failed`` their pages.
        failures: the failed ones by class.
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

    @property
    def pages_pending(self) -> int:
        """Pages of documents that are neither done nor failed."""
        return self.pages - self.pages_done - self.pages_failed


@dataclass(frozen=True)
class Reconciliation:
    """Whether the account balances.

    Attributes:
        input: documents the cut put into shards, as its summary says.
        unlisted: documents with a marker that no shard lists, as those of an earlier cut.
        missing_outputs: documents with a marker of success but no Markdown; ``None`` where not looked for.
        problems: why it does not balance, one sentence each; empty where it does.
    """

    input: int
    done: int
    failed: int
    pending: int
    unlisted: int
    missing_outputs: int | None
    problems: tuple[str, ...]

    @property
    def balances(self) -> bool:
        """Whether ``input = done + failed + pending`` and nothing called done is missing."""
        return not self.problems


def shard_statuses(
    shards: Sequence[int], documents: DocumentTable, failures: Mapping[int, Mapping[str, int]]
) -> tuple[ShardStatus, ...]:
    """Return what the markers say of each shard, in the order of ``shards``.

    Args:
        shards: the numbers of all shards.
        documents: what they list.
        failures: the failed documents of a shard by class; a shard without any may be absent.
    """
    count: Counter[tuple[int, DocumentState | None]] = Counter()
    pages: Counter[tuple[int, DocumentState | None]] = Counter()
    for shard, document_pages, state in documents.rows():
        count[shard, state] += 1
        pages[shard, state] += document_pages
    return tuple(
        ShardStatus(
            shard=shard,
            documents=sum(count[shard, state] for state in _ALL_STATES),
            pages=sum(pages[shard, state] for state in _ALL_STATES),
            done=count[shard, DocumentState.DONE],
            pages_done=pages[shard, DocumentState.DONE],
            failed=count[shard, DocumentState.FAILED],
            pages_failed=pages[shard, DocumentState.FAILED],
            pending=count[shard, None],
            failures=dict(sorted(failures.get(shard, {}).items())),
        )
        for shard in shards
    )


def reconcile(
    input_documents: int,
    shards: Sequence[ShardStatus],
    *,
    unlisted: int,
    listed_twice: int,
    missing_outputs: int | None,
) -> Reconciliation:
    """Return whether the shards' documents add up to what was cut.

    Args:
        input_documents: how many documents the cut's summary put into shards.
        unlisted: how many documents have a marker but are in no shard.
        listed_twice: how many lines of the shards repeat a document.
        missing_outputs: how many documents called done lack their Markdown; ``None`` where not looked for.
    """
    done = sum(shard.done for shard in shards)
    failed = sum(shard.failed for shard in shards)
    pending = sum(shard.pending for shard in shards)
    problems = []
    listed = done + failed + pending + listed_twice
    if input_documents != listed:
        problems.append(
            f"The cut's summary has {input_documents} documents but its shards list {listed}: "
            "the manifests were written only in part or edited; cut the shards again."
        )
    if listed_twice:
        problems.append(f"{listed_twice} documents are listed twice, in two shards or in one; cut the shards again.")
    if missing_outputs:
        problems.append(
            f"{missing_outputs} documents are marked done but have no Markdown: delete their .done markers and "
            "process again."
        )
    return Reconciliation(
        input=input_documents,
        done=done,
        failed=failed,
        pending=pending,
        unlisted=unlisted,
        missing_outputs=missing_outputs,
        problems=tuple(problems),
    )
