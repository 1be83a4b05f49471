# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every document: ``input = done + failed + pending``, for each shard and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.markers import DocumentState


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


def shard_status(
    shard: int, documents: Sequence[Document], states: Mapping[str, DocumentState], classes: Mapping[str, str]
) -> ShardStatus:
    """Return what the markers say of one shard's documents.

    Args:
        states: how documents ended, by key; documents of other shards are ignored.
        classes: the failure class of each failed document, by key.
    """
    documents_by_state: Counter[DocumentState | None] = Counter()
    pages_by_state: Counter[DocumentState | None] = Counter()
    failures: Counter[str] = Counter()
    for document in documents:
        key = key_of(document.uri)
        state = states.get(key)
        documents_by_state[state] += 1
        pages_by_state[state] += document.pages
        if state is DocumentState.FAILED:
            failures[classes[key]] += 1
    return ShardStatus(
        shard=shard,
        documents=len(documents),
        pages=pages_by_state.total(),
        done=documents_by_state[DocumentState.DONE],
        pages_done=pages_by_state[DocumentState.DONE],
        failed=documents_by_state[DocumentState.FAILED],
        pages_failed=pages_by_state[DocumentState.FAILED],
        pending=documents_by_state[None],
        failures=dict(sorted(failures.items())),
    )


def reconcile(
    input_documents: int, shards: Sequence[ShardStatus], marked: int, missing_outputs: int | None
) -> Reconciliation:
    """Return whether the shards' documents add up to what was cut.

    Args:
        input_documents: how many documents the cut's summary put into shards.
        marked: how many documents have a marker, in a shard or not.
        missing_outputs: how many documents called done lack their Markdown; ``None`` where not looked for.
    """
    done = sum(shard.done for shard in shards)
    failed = sum(shard.failed for shard in shards)
    pending = sum(shard.pending for shard in shards)
    problems = []
    if input_documents != done + failed + pending:
        problems.append(
            f"The cut's summary has {input_documents} documents but its shards list {done + failed + pending}: "
            "the manifests were written only in part or edited; cut the shards again."
        )
    if missing_outputs:
        problems.append(
            f"{missing_outputs} documents are marked done but have no Markdown: delete their .done markers and "
            "process again."
        )
    if marked < done + failed:
        problems.append(
            f"The shards have {done + failed} finished documents but only {marked} are marked: a document is in two "
            "shards; cut the shards again."
        )
    return Reconciliation(
        input=input_documents,
        done=done,
        failed=failed,
        pending=pending,
        unlisted=max(0, marked - done - failed),
        missing_outputs=missing_outputs,
        problems=tuple(problems),
    )
