# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of another shard that this supervisor does."""

from __future__ import annotations

from dataclasses import dataclass

from ..watch.lease import Lease, ShardTaken


class PieceLost(Exception):  # noqa: N818 - named for what happened
    """The lender has taken the piece back: nothing of it may be written here any more."""


@dataclass(eq=False)
class Borrowed:
    """A piece of another shard.

    Attributes:
        shard: whose documents these are, and below whose name their outputs go.
        name: of the loan.
        lease: of the loan, taken.
        etag: of the loan as it was lent.
        open: documents of the piece without an outcome.
        lost: whether the lender has taken it back.
        returned: whether it is given back, or about to be: a thread that was left behind must not begin another write.
    """

    shard: int
    name: str
    lease: Lease
    etag: str
    open: int = 0
    lost: bool = False
    returned: bool = False

    def require(self) -> None:
        """Return where the piece is this supervisor's for certain; call it before each write.

        Raises:
            PieceLost: the lender has it again.
            S3Error: it may have, and S3 cannot be asked.
        """
        try:
            if not (self.lost or self.returned):
                self.lease.require()
                return
        except ShardTaken as taken:
            self.lost = True
            raise PieceLost(str(taken)) from taken
        raise PieceLost(f"shard {self.shard} has it again")
