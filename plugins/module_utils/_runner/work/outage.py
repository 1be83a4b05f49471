# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting out an outage of S3 or the disk, and telling it from a fault of one document."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from enum import Enum
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


class Transfer(Enum):
    """The kinds of transfers: that one of them works says nothing of the others, whose permissions are their own."""

    READ_INPUT = "read the document"
    WRITE_OUTPUT = "write its outputs, and the marker that vouches for them"
    WRITE_STATUS = "write the marker of a document that failed, or its log"


# What becomes of a document that alone cannot be transferred. One that cannot be marked has no outcome.
_BLAMED = {Transfer.READ_INPUT: FailureClass.DOWNLOAD, Transfer.WRITE_OUTPUT: FailureClass.UPLOAD}


class Outage(FarmError):  # noqa: N818 - the usual word for it
    """S3 or the disk has failed for too long; it is no document's fault."""


class Backoff:
    """Repeats transfers that fail until they succeed or ``outage_seconds`` are over.

    Args:
        executor: the threads transfers run in.
        outage_seconds: how long to go on.
        probes: by its kind, each returns whether S3 does the same for another document. Asked where no transfer of
            the kind has succeeded meanwhile, as with the last document of a shard.
    """

    def __init__(
        self,
        executor: Executor,
        outage_seconds: float,
        probes: Mapping[Transfer, Callable[[], bool]] | None = None,
    ) -> None:
        self._executor = executor
        self._outage_seconds = outage_seconds
        self._probes = dict(probes or {})
        self._last_success: dict[Transfer, float] = {}

    async def run(self, work: Callable[[], _Result], kind: Transfer) -> _Result:
        """Return what ``work`` returns.

        Args:
            work: does one transfer; run in a thread.
            kind: of the transfer.

        Raises:
            DocumentFailure: this transfer fails though others of its kind succeed meanwhile.
            Outage: all of its kind fail.
        """
        started = tried = time.monotonic()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await self._in_thread(work)
            except (S3Error, OSError) as error:
                elapsed = time.monotonic() - started
                is_documents = isinstance(error, S3Error) and error.code in _ABOUT_THE_DOCUMENT
                if is_documents or elapsed + pause > self._outage_seconds:
                    raise await self._blame(error, kind, tried) from error
                tried = time.monotonic()
                _LOG.warning("trying again in about %.0f s: %s", pause, error)
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                self._last_success[kind] = time.monotonic()
                return result

    async def _blame(self, error: S3Error | OSError, kind: Transfer, tried: float) -> Exception:
        failure_class = _BLAMED.get(kind)
        if failure_class is not None and await self._is_documents(error, kind, tried):
            return DocumentFailure(failure_class, str(error))
        return Outage(f"{error} It has failed for {self._outage_seconds:.0f} s; unfinished documents stay pending.")

    async def _is_documents(self, error: S3Error | OSError, kind: Transfer, tried: float) -> bool:
        if isinstance(error, CredentialsError | OSError) or error.code == "NoSuchBucket":
            return False
        # During an outage nothing else of the kind succeeds either, from the last try but one on. Before that, others
        # may have: an outage begins at some time.
        if error.code in _ABOUT_THE_DOCUMENT or self._last_success.get(kind, tried) > tried:
            return True
        probe = self._probes.get(kind)
        return probe is not None and await self._in_thread(probe)

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
