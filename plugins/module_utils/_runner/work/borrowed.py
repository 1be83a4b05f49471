# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of another shard that this supervisor does."""

from __future__ import annotations

from dataclasses import dataclass

from .piece import Piece


@dataclass(eq=False)
class Borrowed(Piece):
    """A piece of another shard, which has it again once the lease is lost or given back.

    Attributes:
        name: of the loan.
        etag: of the loan as it was lent.
    """

    name: str
    etag: str
