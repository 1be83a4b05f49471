# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was put into a stage's queue: which pieces, of which cut."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from .codec import UNKNOWN_TIME, decode, encode


@dataclass(frozen=True)
class QueueRecord:
    """The pieces that were sent, the last time that a queue was filled from the beginning.

    Attributes:
        generation: grows each time that it is; messages of an earlier one are void.
        cut: the etag of the cut's summary.
        sent: the numbers of the pieces.
        sending: those that are being sent; of one that vanished with it, it is not known whether they were.
        redo: what tells the request to process finished documents again that this generation is for; empty for none.
        at: when it was written, in seconds since the epoch.
    """

    generation: int = 0
    cut: str = ""
    sent: tuple[int, ...] = ()
    sending: tuple[int, ...] = ()
    redo: str = ""
    at: float = UNKNOWN_TIME

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> QueueRecord:
        """Return the record whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "what was put into a queue", where)
