# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading S3 for days from a machine that loses its network, its credentials or its lid's being open meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .._formatting import duration
from .._s3.connection import Connection
from .._s3.errors import S3Error

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 60.0

_Result = TypeVar("_Result")


class Reconnecting:
    """An S3 that was reached once, and is waited for whenever it is out of reach after that.

    Before the first answer nothing is waited for: an address may be wrong, or credentials have expired long ago.

    Args:
        connection: how to reach it.
        pool_size: connections of each client.
        timeout_seconds: how long to wait for it at most, all in all; 0 to wait for nothing.
        tell: is given a line when waiting begins and when it ends.
        clock: seconds that only grow.
        sleep: pauses for so many seconds.

    Attributes:
        outages: how often it was waited for.
    """

    def __init__(
        self,
        connection: Connection,
        pool_size: int,
        timeout_seconds: float,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._pool_size = pool_size
        self._tell = tell
        self._clock = clock
        self._sleep = sleep
        self._client = connection.client(pool_size=pool_size)
        self._deadline = clock() + timeout_seconds
        self._was_reached = False
        self.outages = 0

    def run(self, work: Callable[[S3Client], _Result]) -> _Result:
        """Return what ``work`` returns, which only reads, and is begun anew after an outage.

        Raises:
            S3Error: S3 refuses it, has never answered, or does not until the time is over.
        """
        pause = _FIRST_PAUSE_SECONDS
        # The work itself may take minutes, before and after.
        failed_at: float | None = None
        while True:
            begun = self._clock()
            try:
                result = work(self._client)
            except S3Error as error:
                now = self._clock()
                if not self._was_reached or now + pause > self._deadline or not self._is_temporary(error):
                    raise
                if failed_at is None:
                    failed_at = now
                    self.outages += 1
                    self._tell(f"{error} The nodes work on without it; waiting until S3 answers again.")
                self._sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                if error.is_expired:
                    # Credentials in files are read once by each client.
                    self._client = self._connection.client(pool_size=self._pool_size)
            else:
                self._was_reached = True
                if failed_at is not None:
                    self._tell(f"S3 answers again after {duration(begun - failed_at)}.")
                return result

    def _is_temporary(self, error: S3Error) -> bool:
        return error.is_transient or (error.is_expired and self._connection.can_renew())
