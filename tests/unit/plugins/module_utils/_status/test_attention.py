# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._status.attention import silent_shards, warnings
from tests.support.progress import make_progress

_PROGRESS = make_progress()


def test_only_a_shard_that_runs_can_be_silent() -> None:
    progress = {1: _PROGRESS, 2: replace(_PROGRESS, state="finished"), 3: _PROGRESS}
    assert silent_shards(progress, {1: 301.0, 2: 9000.0, 3: 300.0}, 300) == [1]


def test_slots_that_work_no_more_are_named_with_their_reason() -> None:
    progress = {1: replace(_PROGRESS, drained={"3": "Xid 79"})}
    assert warnings(progress, {1: 1.0}, 300) == ["shard 1: slot 3 of OpenArchive-Shard-1 works no more: Xid 79"]


def test_a_healthy_farm_needs_no_attention() -> None:
    assert warnings({1: _PROGRESS}, {1: 1.0}, 300) == []
