# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a supervisor is now, and how long its shard will take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outlook:
    """What a supervisor expects.

    Attributes:
        pages_per_second: done or handed on in the last minutes.
        seconds: until it has ended every document of its shard, with the slots that work now; ``None`` where it has
            not ended enough of them to tell.
        least_seconds: what that may come down to, by the number and the spread of what was measured.
        most_seconds: what it may come up to.
    """

    pages_per_second: float = 0.0
    seconds: float | None = None
    least_seconds: float | None = None
    most_seconds: float | None = None
