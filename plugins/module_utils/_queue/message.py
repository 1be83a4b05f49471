# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a message of a queue says: which piece of which cut somebody is to work on."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from .._records.codec import decode, encode
from .._records.stage import Stage


@dataclass(frozen=True)
class PieceMessage:
    """A piece that is not finished.

    Attributes:
        stage: of its cut.
        piece: its number in the cut, from 1.
        etag: of its manifest, without quotes; another one is of another cut.
        generation: of the filling of the queue that it belongs to, see :class:`QueueRecord`.
        redo: what tells the request to process finished documents again that it was sent for; empty for none.
    """

    stage: Stage
    piece: int
    etag: str
    generation: int
    redo: str = ""

    def to_json(self) -> str:
        """Return the message's body."""
        return encode(asdict(self)).decode()

    @classmethod
    def from_json(cls, body: str, where: str) -> PieceMessage:
        """Return the message whose body is ``body``, received from the queue ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body.encode(), cls, "the message of a piece", where)
