# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import Loan, LoanState


def test_who_has_asked_for_nothing_has_nothing() -> None:
    assert Loan().state is LoanState.RETURNED
    assert not Loan().documents
