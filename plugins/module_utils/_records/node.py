# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node says of itself, its costs and its end, from its own timer, with no controller and no supervisor.

It guards money: a budget is not counted without one that cannot be read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from .._formatting import SECONDS_PER_HOUR
from .codec import UNKNOWN_TIME, decode, encode

RUNNING = "running"
# It has told the machine to shut down.
ENDED = "ended"


@dataclass(frozen=True)
class NodeRun:
    """An instance from a start to a stop, reboots included.

    Attributes:
        started_at: since when EC2 bills it, seconds since the epoch.
        seen_at: when the node said this last.
        usd: price of the instance from one to the other, without its disk: what was billed for spot.
    """

    started_at: float = UNKNOWN_TIME
    seen_at: float = UNKNOWN_TIME
    usd: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return self.seen_at - self.started_at


@dataclass(frozen=True)
class NodeRecord:
    """An instance of the farm.

    Attributes:
        node: its name in the inventory.
        instance_type: as in ``g5.12xlarge``.
        is_spot: whether its price is that of spot instances.
        state: :data:`RUNNING`, or :data:`ENDED` where it has ended itself.
        cause: of that: ``finished``, ``idle``, ``lifetime``, ``budget`` or ``fleet``; ``message`` the same for people.
        is_held: whether somebody keeps it from ending itself.
        price_per_hour: by which the last part of the last run was counted, in USD.
        storage_per_hour: price of its disk, in USD, whether it runs or not.
        runs: in their order.
    """

    node: str = ""
    instance_id: str = ""
    instance_type: str = ""
    is_spot: bool = False
    state: str = RUNNING
    cause: str = ""
    message: str = ""
    is_held: bool = False
    price_per_hour: float = 0.0
    storage_per_hour: float = 0.0
    runs: tuple[NodeRun, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it has run, all runs together."""
        return sum(run.seconds for run in self.runs)

    @property
    def usd(self) -> float:
        """Price of all runs, in USD."""
        return sum(run.usd for run in self.runs)

    @property
    def storage_usd(self) -> float:
        """Price of its disk since its first start until it was seen last, pauses included, in USD."""
        if not self.runs:
            return 0.0
        return (self.runs[-1].seen_at - self.runs[0].started_at) / SECONDS_PER_HOUR * self.storage_per_hour

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> NodeRecord:
        """Return the record whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a node's record", where)
