# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role node_lifetime tells a node's timer.

Runs on a node's own Python, 3.9, too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .._errors import FarmError
from .._formatting import SECONDS_PER_HOUR
from .decision import Limits

_MINUTE = 60.0


@dataclass(frozen=True)
class Settings:
    """The node, and when it ends itself.

    Attributes:
        node: its name in the inventory.
        region: of the results; ``results`` their prefix.
        workdir: where its supervisors keep their files.
        last_stage: after which the work is finished.
        price_per_hour: of the node, in USD; where it is a spot instance, as long as EC2 does not tell the real one.
        storage_per_hour: of its disk, in USD.
        idle_minutes: see :class:`Limits`, as the three that follow; 0 for no limit.
        alarm: the name of the alarm that tells of this node when it is silent; empty where there is none.
        hold: see :class:`Machine`, as ``mark``.
    """

    node: str
    region: str
    results: str
    workdir: str
    last_stage: str
    price_per_hour: float
    storage_per_hour: float
    idle_minutes: float
    finished_minutes: float
    lifetime_hours: float
    budget: float
    alarm: str
    hold: str
    mark: str

    @property
    def limits(self) -> Limits:
        """Return the limits."""
        return Limits(
            self.idle_minutes * _MINUTE,
            self.finished_minutes * _MINUTE,
            self.lifetime_hours * SECONDS_PER_HOUR,
            self.budget,
        )

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Return what the file says.

        Raises:
            FarmError: it cannot be read, or a setting is missing.
        """
        try:
            stored = json.loads(path.read_text())
            # Any: mypy does not follow which field is of which kind.
            kinds: dict[str, Any] = {field.name: float if field.type == "float" else str for field in fields(cls)}
            return cls(**{name: kind(stored[name]) for name, kind in kinds.items()})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FarmError(
                f"{path} is not what the role node_lifetime writes ({type(error).__name__}: {error}): run "
                "configure.yml with --tags node_lifetime."
            ) from error
