# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._status.documents import DocumentTable
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import (
    Reconciliation,
    ShardStatus,
    reconcile,
    shard_statuses,
)

_NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
_STATUS = ShardStatus(
    shard=1, documents=4, pages=18, done=1, pages_done=9, failed=2, pages_failed=8, pending=1, failures={"timeout": 2}
)


def _reconcile(
    documents: int, *shards: ShardStatus, listed_twice: int = 0, missing_outputs: int | None = None
) -> Reconciliation:
    return reconcile(documents, shards, unlisted=2, listed_twice=listed_twice, missing_outputs=missing_outputs)


def test_each_document_of_a_shard_is_done_failed_or_pending() -> None:
    pages = {"a": 9, "b": 5, "c": 3, "d": 1}
    documents = [(1, Document(f"s3://raw/{name}.pdf", count, 10)) for name, count in pages.items()]
    table = DocumentTable([*documents, (3, Document("s3://raw/e.pdf", 100, 10))])
    table.mark("a.pdf", DocumentState.DONE, _NOW)
    table.mark("b.pdf", DocumentState.FAILED, _NOW)
    table.mark("c.pdf", DocumentState.FAILED, _NOW)
    first, second, third = shard_statuses([1, 2, 3], table, {1: {"timeout": 2}})
    assert first == _STATUS
    assert first.pages_pending == 1
    assert (second.documents, second.pending) == (0, 0)
    assert (third.documents, third.pages_pending, third.failures) == (1, 100, {})


def test_the_account_balances_when_shards_list_what_was_cut() -> None:
    account = _reconcile(4, _STATUS, missing_outputs=0)
    assert account.balances
    assert account.input == account.done + account.failed + account.pending
    assert account.unlisted == 2


def test_the_account_does_not_balance_when_a_shard_lost_a_line() -> None:
    account = _reconcile(4, replace(_STATUS, documents=3, pending=0))
    assert not account.balances
    assert "4 documents but its shards list 3" in account.problems[0]


def test_the_account_does_not_balance_when_a_document_is_listed_twice() -> None:
    (problem,) = _reconcile(5, _STATUS, listed_twice=1).problems
    assert "1 documents are listed twice" in problem


def test_the_account_does_not_balance_when_something_called_done_is_missing() -> None:
    account = _reconcile(4, _STATUS, missing_outputs=1)
    assert not account.balances
    assert "no Markdown" in account.problems[0]
