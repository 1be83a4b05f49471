# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm at a glance, for tests of whoever shows it."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import Costs
from ansible_collections.glossapi.farm.plugins.module_utils._status.overview import Overview, ShardGlance, StageGlance

LINE = "2 of 4 documents done, 1 failed, 1 pending; 200 of 1000 pages, 3.0 pages/s, time left 4 min 0 s"


def overview_of(nodes: int, *attention: str) -> Overview:
    """Return a farm that has finished stage ``text`` and is at stage ``ocr``, its third shard silent."""
    shards = tuple(
        ShardGlance(number, "silent" if number == 3 else "running", 0.9 - number / 100, 0.0 if number == 3 else 2.5)
        for number in range(1, nodes + 1)
    )
    ended = tuple(ShardGlance(number, "finished", 1.0, 0.0) for number in range(1, nodes + 1))
    return Overview(
        (StageGlance(Stage.TEXT, 1.0, "all done", ended), StageGlance(Stage.OCR, 0.6349, LINE, shards)),
        Costs(3600.0, 5.672, 0.3151),
        attention,
    )
