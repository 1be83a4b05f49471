# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor works on beside its own shard: a piece, whose lease it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..watch.lease import Lease, ShardTaken

if TYPE_CHECKING:
    from .in_work import WorkRecord


class PieceLost(Exception):  # noqa: N818 - named for what happened
    """The piece is another's by now: nothing of it may be written here any more."""


@dataclass(eq=False)
class Piece:
    """Documents that are this supervisor's while it has their lease.

    Attributes:
        shard: whose documents these are, and below whose name their outputs go.
        lease: of the piece, taken.
        open: documents of the piece without an outcome.
        lost: whether another has it by now.
        returned: whether it is given back, or about to be: a thread that was left behind must not begin another write.
        record: of what is in work of it; ``None`` where that is in the supervisor's own.
    """

    shard: int
    lease: Lease
    open: int = field(default=0, kw_only=True)
    lost: bool = field(default=False, kw_only=True)
    returned: bool = field(default=False, kw_only=True)
    record: WorkRecord | None = field(default=None, kw_only=True)

    def require(self) -> None:
        """Return where the piece is this supervisor's for certain; call it before each write.

        Raises:
            PieceLost: another has it.
            S3Error: another may have it, and S3 cannot be asked.
        """
        try:
            if not (self.lost or self.returned):
                self.lease.require()
                return
        except ShardTaken as taken:
            self.lost = True
            raise PieceLost(str(taken)) from taken
        raise PieceLost(f"what this supervisor had of shard {self.shard} is not its own any more")
