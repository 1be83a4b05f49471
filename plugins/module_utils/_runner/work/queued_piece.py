# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of a queue that this supervisor does."""

from __future__ import annotations

from dataclasses import dataclass, field

from .attempts import Attempt
from .in_work import WorkRecord
from .piece import Piece


@dataclass(eq=False)
class QueuedPiece(Piece):
    """A piece of a queue, which others get once its message comes again and its lease is lost or given back.

    Attributes:
        message: the id of its message.
        receipt: what the message is extended, given back and deleted by.
        etag: of its manifest, without quotes; with another one it is a piece no more.
        is_asked_of_others: whether finished documents of it are to be processed again by those who were told which.
        attempts: what is to be done of it.
        suspects: documents without an outcome that may have taken their supervisors down.
        is_at_limit: whether the queue keeps its message from others no longer; then the lease alone does.
    """

    message: str
    receipt: str
    etag: str
    is_asked_of_others: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    suspects: int = 0
    is_at_limit: bool = False
    record: WorkRecord = field(kw_only=True)

    def settle(self, attempt: Attempt) -> None:
        """Note that a document has its outcome, or is another's by now."""
        self.open -= 1
        self.suspects -= attempt.is_suspect
