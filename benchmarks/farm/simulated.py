# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event loop whose clock jumps to the next timer, threads that take no time, and an S3 in memory."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from typing import Any, TypeVar

from botocore.exceptions import ClientError

_Result = TypeVar("_Result")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class _NoWaiting(selectors.SelectSelector):
    """Never waits; where asyncio would, the clock moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return no events.

        Raises:
            AssertionError: nothing will ever happen.
        """
        if timeout is None:
            raise AssertionError("everybody waits for something that does not come")
        self.now += max(0.0, timeout)
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop of which an hour takes no time."""

    def __init__(self) -> None:
        self._waiting = _NoWaiting()
        super().__init__(self._waiting)

    def time(self) -> float:
        """Return the simulated seconds since the beginning."""
        return self._waiting.now

    def run_in_executor(  # type: ignore[override]
        self, _executor: Executor | None, work: Callable[..., _Result], *arguments: Any
    ) -> asyncio.Future[_Result]:
        """Return what ``work`` returns or raises: the clock stands still meanwhile."""
        future: asyncio.Future[_Result] = self.create_future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class MemoryS3:
    """As much of an S3 client as nodes use that lend and borrow.

    Args:
        clock: simulated seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._objects: dict[str, tuple[bytes, str, datetime]] = {}
        self._writes = 0
        self.requests = 0

    def put_object(self, **options: Any) -> dict[str, str]:
        """Keep an object, unless a condition is not met."""
        self.requests += 1
        found = self._objects.get(options["Key"])
        if "IfNoneMatch" in options and found is not None:
            raise _error("PreconditionFailed", "PutObject")
        if "IfMatch" in options and (found is None or f'"{found[1]}"' != options["IfMatch"]):
            raise _error("PreconditionFailed", "PutObject")
        self._writes += 1
        self._objects[options["Key"]] = (options["Body"], str(self._writes), self._now())
        return {"ETag": f'"{self._writes}"'}

    def get_object(self, **options: Any) -> dict[str, Any]:
        """Return an object."""
        self.requests += 1
        found = self._objects.get(options["Key"])
        if found is None:
            raise _error("NoSuchKey", "GetObject")
        body, etag, modified = found
        headers = {"date": format_datetime(self._now(), usegmt=True)}
        return {
            "Body": BytesIO(body),
            "ETag": f'"{etag}"',
            "LastModified": modified,
            "ResponseMetadata": {"HTTPHeaders": headers},
        }

    def get_paginator(self, _operation: str) -> MemoryS3:
        """Return what lists objects."""
        return self

    def paginate(self, **options: Any) -> Iterator[Mapping[str, Any]]:
        """Yield the objects below a prefix, in one answer."""
        self.requests += 1
        yield {
            "Contents": [
                {"Key": key, "Size": len(body), "ETag": f'"{etag}"', "LastModified": modified}
                for key, (body, etag, modified) in sorted(self._objects.items())
                if key.startswith(options["Prefix"])
            ]
        }

    def _now(self) -> datetime:
        return _EPOCH + timedelta(seconds=self._clock())


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "simulated"}}, operation)
