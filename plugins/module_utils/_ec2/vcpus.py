# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vCPUs that EC2 still counts against the quota although their instance has ended or stopped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .nodes import Node

# EC2's answers that the account may have no more of them.
USED_UP = frozenset({"VcpuLimitExceeded", "MaxSpotInstanceCountExceeded"})


def counted_for(nodes: Iterable[Node], now: datetime, seconds: float) -> float:
    """Return how many seconds more vCPUs of nodes that end may be counted; 0 where none is known to end.

    Args:
        now: by a clock that AWS accepts the signatures of, so that it is not far from its own.
        seconds: for which they may be counted after the end.
    """
    return max((_counted_for(node, now, seconds) for node in nodes), default=0.0)


def _counted_for(node: Node, now: datetime, seconds: float) -> float:
    if node.state in ("shutting-down", "stopping"):
        return seconds
    if node.state not in ("terminated", "stopped"):
        return 0.0
    if node.ended_at is None:
        # A terminated one is listed for about an hour; a stopped one may have been so for months.
        return seconds if node.state == "terminated" else 0.0
    return max(0.0, seconds - (now - node.ended_at).total_seconds())
