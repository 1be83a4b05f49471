# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._status.markers import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import reconcile, shard_status

_DOCUMENTS = [Document(f"s3://raw/{name}.pdf", pages, 10) for name, pages in (("a", 9), ("b", 5), ("c", 3), ("d", 1))]
_STATES = {"a.pdf": DocumentState.DONE, "b.pdf": DocumentState.FAILED, "c.pdf": DocumentState.FAILED}
_CLASSES = {"b.pdf": "timeout", "c.pdf": "timeout"}


def test_each_document_of_a_shard_is_done_failed_or_pending() -> None:
    status = shard_status(1, _DOCUMENTS, _STATES, _CLASSES)
    assert (status.documents, status.done, status.failed, status.pending) == (4, 1, 2, 1)
    assert (status.pages, status.pages_done, status.pages_failed, status.pages_pending) == (18, 9, 8, 1)
    assert status.failures == {"timeout": 2}


def test_markers_of_other_documents_do_not_count_for_a_shard() -> None:
    assert shard_status(1, _DOCUMENTS[3:], _STATES, _CLASSES).pending == 1


def test_the_account_balances_when_shards_list_what_was_cut() -> None:
    account = reconcile(4, [shard_status(1, _DOCUMENTS, _STATES, _CLASSES)], marked=5, missing_outputs=0)
    assert account.balances
    assert account.input == account.done + account.failed + account.pending
    assert account.unlisted == 2


def test_the_account_does_not_balance_when_a_shard_lost_a_line() -> None:
    account = reconcile(4, [shard_status(1, _DOCUMENTS[1:], _STATES, _CLASSES)], marked=3, missing_outputs=None)
    assert not account.balances
    assert "4 documents but its shards list 3" in account.problems[0]


def test_the_account_does_not_balance_when_a_document_is_in_two_shards() -> None:
    shards = [shard_status(number, _DOCUMENTS[:1], _STATES, _CLASSES) for number in (1, 2)]
    assert not reconcile(2, shards, marked=1, missing_outputs=None).balances


def test_the_account_does_not_balance_when_something_called_done_is_missing() -> None:
    account = reconcile(4, [shard_status(1, _DOCUMENTS, _STATES, _CLASSES)], marked=3, missing_outputs=1)
    assert not account.balances
    assert "no Markdown" in account.problems[0]
