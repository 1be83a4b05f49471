# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.modules.private_buckets import private_buckets
from tests.support.emulated_account import Account

_PARAMETERS = {"project": "farm", "buckets": ["one", "two"], "block_public_access": True}


def test_the_diff_names_what_is_done_and_a_second_run_does_nothing(empty_account: Account) -> None:
    first = private_buckets(empty_account.connection, _PARAMETERS, check_mode=False)
    assert first["changed"]
    assert first["diff"]["after"].splitlines() == first["steps"]
    second = private_buckets(empty_account.connection, _PARAMETERS, check_mode=False)
    assert (second["changed"], second["steps"], second["diff"]["after"]) == (False, [], "")
