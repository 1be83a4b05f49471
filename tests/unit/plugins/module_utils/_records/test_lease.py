# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner


def test_an_owner_that_says_nothing_has_not_given_the_shard_back() -> None:
    assert not Owner.from_json(b"{}", "here").released
