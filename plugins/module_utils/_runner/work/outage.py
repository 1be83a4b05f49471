# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting out an outage of S3 or the disk, and telling it from a fault of one document."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from ..._errors import FarmError
from ..._pipelines.failures import DocumentFailure
from ..._records.failure_classes import FailureClass
from ..._s3.errors import CredentialsError, S3Error

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
# What the request itself is to blame for, whatever the state of S3.
_ABOUT_THE_DOCUMENT = frozenset({"KeyTooLongError", "EntityTooLarge", "InvalidObjectState", "InvalidArgument"})

_Result = TypeVar("_Result")


class Outage(FarmError):  # noqa: N818 - the usual word for it
    """S3 or the disk has failed for too long; it is no document's fault."""


class Backoff:
    """Repeats transfers that fail until they succeed or ``outage_seconds`` are over.

    Args:
        executor: the threads transfers run in.
        outage_seconds: how long to go on.
    """

    def __init__(self, executor: Executor, outage_seconds: float) -> None:
        self._executor = executor
        self._outage_seconds = outage_seconds
        self._last_success = float("-inf")

    async def run(self, work: Callable[[], _Result], failure_class: FailureClass) -> _Result:
        """Return what ``work`` returns.

        Args:
            work: does one transfer; run in a thread.
            failure_class: the failure of the document, where it turns out to be to blame.

        Raises:
            DocumentFailure: this transfer fails though others succeed meanwhile.
            Outage: everything fails.
        """
        started = time.monotonic()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await asyncio.get_running_loop().run_in_executor(self._executor, work)
            except (S3Error, OSError) as error:
                if isinstance(error, S3Error) and error.code in _ABOUT_THE_DOCUMENT:
                    raise DocumentFailure(failure_class, str(error)) from error
                elapsed = time.monotonic() - started
                if elapsed + pause > self._outage_seconds:
                    raise self._blame(error, failure_class, started) from error
                _LOG.warning("trying again in about %.0f s: %s", pause, error)
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                self._last_success = time.monotonic()
                return result

    def _blame(self, error: S3Error | OSError, failure_class: FailureClass, started: float) -> Exception:
        is_common = isinstance(error, CredentialsError | OSError) or error.code == "NoSuchBucket"
        # During an outage nothing else succeeds either.
        if not is_common and self._last_success > started:
            return DocumentFailure(failure_class, str(error))
        return Outage(f"{error} It has failed for {self._outage_seconds:.0f} s; unfinished documents stay pending.")
