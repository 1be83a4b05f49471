# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a message that was received; only by what it and S3 say."""

from __future__ import annotations

from dataclasses import dataclass

from .message import PieceMessage

# Until the node that has the piece has gone on, or its lease has ended and somebody else may have it.
HELD_SECONDS = 180
# A message comes again within an hour, whatever it waits for.
_LONGEST_SECONDS = 3600


@dataclass(frozen=True)
class Known:
    """What S3 says of the piece.

    Attributes:
        generation: of the last filling of the queue; 0 where nothing is known of one.
        etag: of the piece's manifest; ``None`` where there is none.
        is_held: whether another node works on the piece.
    """

    generation: int
    etag: str | None
    is_held: bool


def growing(seconds: int, times: int) -> int:
    """Return for how long a message is put off that was received so often: longer each time.

    The queue sets a message aside that was received too often. One that waits for hours, as for S3 or for a node with a
    long document, must not come to that.

    Args:
        seconds: the first time.
        times: it was received, this time included.
    """
    return min(seconds * times, _LONGEST_SECONDS)


@dataclass(frozen=True)
class Work:
    """The piece is to be worked on."""


@dataclass(frozen=True)
class Wait:
    """The message is to come again in so many seconds."""

    seconds: int
    reason: str


@dataclass(frozen=True)
class Drop:
    """The message is void, and is to be deleted."""

    reason: str


Decision = Work | Wait | Drop


def decide(message: PieceMessage, known: Known, times: int = 1) -> Decision:
    """Return what is to be done; a message is dropped only where the piece is none any more, or has another.

    Args:
        message: what was received.
        known: what S3 says.
        times: see :func:`growing`.
    """
    if message.generation < known.generation:
        return Drop(f"the queue was filled anew since (generation {message.generation}, now {known.generation})")
    if message.etag != known.etag:
        return Drop("the documents were cut anew since")
    if known.is_held:
        # It may be the only message of the piece, and its node may vanish.
        return Wait(growing(HELD_SECONDS, times), "another node works on it")
    return Work()
