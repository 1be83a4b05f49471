# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a queue that nobody could end, and which pieces they are of."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from .._records.codec import RecordError
from .message import PieceMessage
from .sqs import Queue

_LOG = logging.getLogger(__name__)
# So many are looked at; more would take minutes.
_MOST = 100


@dataclass(frozen=True)
class DeadLetters:
    """What a queue has set aside.

    Attributes:
        messages: how many, as SQS counts them: about.
        pieces: that the first of them are of, whatever became of these since.
    """

    messages: int = 0
    pieces: frozenset[int] = frozenset()


def read_dead_letters(queue: Queue) -> DeadLetters:
    """Return what the queue has set aside, which then comes again in half a minute.

    Raises:
        AwsError: the queue could not be asked.
    """
    dead = queue.dead_letters()
    if dead is None:
        return DeadLetters()
    depth = dead.depth()
    if depth.is_empty:
        return DeadLetters()
    pieces = _pieces_of((each.body for each in dead.peek(_MOST)), dead.url)
    return DeadLetters(depth.visible + depth.in_flight + depth.delayed, frozenset(pieces))


def _pieces_of(bodies: Iterable[str], where: str) -> Iterable[int]:
    for body in bodies:
        try:
            yield PieceMessage.from_json(body, where).piece
        except RecordError as error:
            # Somebody else's, or a later version's: it is counted, and names no piece.
            _LOG.warning("%s", error)
