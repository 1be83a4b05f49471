# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Sums
from ansible_collections.glossapi.farm.plugins.module_utils._status.outcomes import Outcomes, outcomes_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from tests.support.progress import NOTHING, make_farm

_SHARD = ShardStatus(1, 10, 100, 5, 50, 3, 30, 2, {"unreadable": 2, "timeout": 1}, forwarded=1)
_REST = replace(NOTHING, documents=2, pages=7, done=1, pages_done=5, pending=1)


def test_each_document_has_come_to_one_of_them() -> None:
    farm = make_farm([_SHARD], no_shard=_REST, recognised=Sums(2, 15), poor=Sums(2, 20))
    assert outcomes_of(farm) == Outcomes(
        good_by_layer=Sums(4, 40),
        good_by_ocr=Sums(2, 15),
        poor=Sums(2, 20),
        failed=Sums(1, 10),
        pending=Sums(3, 22),
    )


@pytest.mark.parametrize("pages", [0, 31, 1000])
def test_pages_that_markers_have_from_another_count_make_no_number_negative(pages: int) -> None:
    found = outcomes_of(make_farm([_SHARD], poor=Sums(2, pages)))
    assert found.poor.pages + found.failed.pages == 30
    assert min(found.poor.pages, found.failed.pages) >= 0
