# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm whose supervisors take pieces from a queue, for tests of whoever shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import Farm
from ansible_collections.glossapi.farm.plugins.module_utils._status.pieces import Pieces, pieces_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import (
    ShardStatus,
    empty_status,
    reconcile,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from tests.support.progress import NOTHING, make_farm, make_progress

# Of ten documents each: one that is done, one that is begun, two that nobody has begun.
STATUSES = (
    ShardStatus(1, 10, 1000, 9, 900, 1, 100, 0, {"timeout": 1}),
    ShardStatus(2, 10, 500, 4, 200, 0, 0, 6, {}),
    ShardStatus(3, 10, 200, 0, 0, 0, 0, 10, {}),
    ShardStatus(4, 10, 100, 0, 0, 0, 0, 10, {}),
)
CUT = tuple(ShardSummary(each.shard, documents=each.documents, pages=each.pages) for each in STATUSES)


def queued_progress(number: int, **fields: Any) -> Progress:
    """Return what a supervisor says that has ended 14 documents of pieces, but for the fields that are given."""
    return replace(
        make_progress(
            shard=number,
            node=f"node-{number}",
            documents=0,
            pages=0,
            done=0,
            pages_done=0,
            failed=0,
            pages_failed=0,
            pending=0,
            helping=(2,),
            helped=14,
            pages_helped=1200,
            pages_per_second=4.0,
            outlook=Outlook(2.0),
        ),
        **fields,
    )


def pieces() -> Pieces:
    """Return what became of the four pieces at stage ``text``."""
    return pieces_of(CUT, STATUSES, Stage.TEXT)


def queued_values(*said: Progress) -> dict[str, Any]:
    """Return the values of such a farm."""
    farm = queued_farm(*said)
    return values_of(farm, waited="", price_per_hour=None, silent_after=60, max_failure_share=0.2, stale=None)


def queued_farm(*said: Progress, **fields: Any) -> Farm:
    """Return a farm of four pieces whose supervisors last said this, but for the fields that are given."""
    account = Account(listed=40, missing_markdown=0)
    return make_farm(
        tuple(empty_status(each.shard) for each in said),
        **{
            "progress": {each.shard: each for each in said},
            "ages": {each.shard: 4.0 for each in said},
            "pieces": pieces(),
            "reconciliation": reconcile(40, STATUSES, NOTHING, account),
            **fields,
        },
    )
