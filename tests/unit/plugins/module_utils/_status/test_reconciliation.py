# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import NO_SHARD, Account, Sums
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import (
    Reconciliation,
    ShardStatus,
    reconcile,
    shard_statuses,
)
from tests.support.progress import NOTHING

_STATUS = ShardStatus(
    shard=1, documents=4, pages=18, done=1, pages_done=9, failed=2, pages_failed=8, pending=1, failures={"timeout": 2}
)


def _reconcile(documents: int, *, no_shard: ShardStatus = NOTHING, **account: Any) -> Reconciliation:
    return reconcile(documents, [_STATUS], no_shard, Account(**{"listed": 4, "unlisted": 2, **account}))


def test_each_document_of_a_shard_is_done_failed_or_pending() -> None:
    account = Account()
    account.sums[1, DocumentState.DONE] = Sums(1, 9)
    account.sums[1, DocumentState.FAILED] = Sums(2, 8)
    account.sums[1, None] = Sums(1, 1)
    account.sums[3, None] = Sums(1, 100)
    first, second, third = shard_statuses([1, 2, 3], account, {1: {"timeout": 2}})
    assert first == _STATUS
    assert first.pages_pending == 1
    assert (second.documents, second.pending) == (0, 0)
    assert (third.documents, third.pages_pending, third.failures) == (1, 100, {})


def test_the_account_is_of_all_documents_whatever_the_shards_list() -> None:
    rest = ShardStatus(NO_SHARD, 6, 60, 3, 30, 2, 20, 1, {"gpu": 2})
    account = _reconcile(4, no_shard=rest, missing_markdown=0, strangers=3)
    assert account.balances
    assert (account.input, account.done, account.failed, account.pending) == (10, 4, 4, 2)
    assert (account.unlisted, account.strangers) == (2, 3)


def test_the_account_does_not_balance_when_a_shard_lost_a_line() -> None:
    account = _reconcile(4, listed=3)
    assert not account.balances
    assert "4 documents but its shards list 3" in account.problems[0]


def test_the_account_does_not_balance_when_a_document_is_listed_twice() -> None:
    (problem,) = _reconcile(5, listed=5, listed_twice=1).problems
    assert "1 documents are listed twice" in problem


def test_the_account_does_not_balance_when_something_called_done_is_missing() -> None:
    account = _reconcile(4, missing_markdown=1)
    assert not account.balances
    assert "no Markdown" in account.problems[0]
