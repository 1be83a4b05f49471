# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock


def test_where_nobody_counts_there_is_nothing_to_tell() -> None:
    clock = DocumentClock()
    with clock.paused(), clock.paused():
        clock.give_back(1.0)
