# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor says of its shard, and a farm of such shards, for tests of whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import NO_SHARD, Account
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import PaidTime
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import Balance, Farm
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus, reconcile

_PROGRESS = Progress(
    shard=1,
    node="OpenArchive-Shard-1",
    state="running",
    started_at=0.0,
    updated_at=100.0,
    documents=4,
    pages=1000,
    done=2,
    pages_done=200,
    failed=1,
    pages_failed=100,
    pending=1,
    pages_per_second=2.0,
    pipeline="pdftext",
    slots={"0": "", "1": ""},
)
# What is in no shard, where every document is in one.
NOTHING = ShardStatus(NO_SHARD, 0, 0, 0, 0, 0, 0, 0, {})


def make_progress(**fields: Any) -> Progress:
    """Return the progress of a supervisor in the middle of its shard, but for the fields that are given."""
    return replace(_PROGRESS, **fields)


def make_farm(shards: Sequence[ShardStatus], *, listed: int | None = None, **fields: Any) -> Farm:
    """Return a farm of these shards, that nobody has started but for the fields that are given.

    Args:
        shards: its shards.
        listed: documents that the cut's summary has; as many as the shards where it is ``None``.
        fields: of the farm.
    """
    documents = sum(shard.documents for shard in shards) if listed is None else listed
    account = Account(listed=sum(shard.documents for shard in shards), missing_markdown=0)
    farm = Farm(
        shards=tuple(shards),
        progress={},
        ages={},
        histories={},
        failed_documents=(),
        balance=Balance(1.02, 1.0),
        no_shard=NOTHING,
        skipped={},
        paid=PaidTime(),
        reconciliation=reconcile(documents, shards, fields.get("no_shard", NOTHING), account),
    )
    return replace(farm, **fields)
