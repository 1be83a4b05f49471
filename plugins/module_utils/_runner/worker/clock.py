# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of the document in work: a worker says what does not count, its supervisor ends it when its time is over.

Both sides are here, with the messages that go from one to the other while a document is in work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..._pipelines.clock import DocumentClock

# For a worker that hangs in a pause. One that is well waits for minutes, for a server or for another worker's turn.
MOST_PAUSED_SECONDS = 7200.0


class ToldClock(DocumentClock):
    """A worker's clock, which tells the supervisor; of one thread.

    Args:
        tell: writes a message to it.
    """

    def __init__(self, tell: Callable[[Any], None]) -> None:
        self._tell = tell
        self._pauses = 0
        self._counts = False

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Have a document in work for a context; before the first one, the supervisor waits for another message."""
        self._counts = True
        try:
            yield
        finally:
            self._counts = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock for a context, in which there may be others."""
        self._pauses += 1
        self._say(outermost=True, paused=True)
        try:
            yield
        finally:
            self._say(outermost=True, paused=False)
            self._pauses -= 1

    def give_back(self, seconds: float) -> None:
        """Do not count the last ``seconds``; in a pause nothing is counted anyway."""
        self._say(outermost=False, given_back=seconds)

    def _say(self, *, outermost: bool, **clock: Any) -> None:
        if self._counts and self._pauses == int(outermost):
            self._tell({"clock": clock})


class RunningClock:
    """A supervisor's clock of one document.

    Args:
        seconds: how long the document may take.
        now: when it begins, in seconds of any clock.

    Attributes:
        uncounted: seconds of all that have passed that do not count.
    """

    def __init__(self, seconds: float, now: float) -> None:
        self._seconds = seconds
        self._began = now
        self._paused_at: float | None = None
        self.uncounted = 0.0

    @property
    def ends_at(self) -> float:
        """When the document's time is over, by what the worker has said until now."""
        if self._paused_at is not None:
            return self._paused_at + MOST_PAUSED_SECONDS
        return self._began + self._seconds + self.uncounted

    def takes(self, message: Any, now: float) -> bool:
        """Return whether a message is about the clock, and is taken note of, or is for another."""
        if not (isinstance(message, dict) and "clock" in message):
            return False
        clock = message["clock"]
        if clock.get("paused"):
            self._paused_at = now
        elif self._paused_at is not None:
            self._add(now - self._paused_at, now)
            self._paused_at = None
        self._add(clock.get("given_back", 0.0), now)
        return True

    def end(self, now: float) -> None:
        """Take note of the end of the document or of its worker, in a pause or not."""
        self.takes({"clock": {"paused": False}}, now)

    def _add(self, seconds: float, now: float) -> None:
        # No more than have passed: whoever gives time back cannot make any.
        self.uncounted = min(self.uncounted + seconds, now - self._began)
