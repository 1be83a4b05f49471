# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a shard is: one object in S3, so that no two machines work on the same shard.

Results are named by shard and document, so two supervisors of one shard could overwrite each other's outputs
after the marker that vouches for them was written. A lock keeps them apart on one machine, this object across
machines. It is only written where it still is what was read (``If-None-Match``, ``If-Match``), and its age is
told by S3's clock alone, so that clocks may differ.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from uuid import uuid4

from ..._errors import FarmError
from ..._files import write_atomically
from ..._records.codec import UnreadableRecordError
from ..._records.lease import Owner
from ..._s3.errors import S3Error
from ..._s3.objects import Version, if_exists, put_if_unchanged, read_version
from ..._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Without a renewal for so long, an owner is taken for dead, and stops writing.
_SECONDS = 60.0
_RENEWAL_SECONDS = 10.0
_LOOK_SECONDS = 2.0


def seconds_since_boot() -> float:
    """Return seconds that only grow, also while the machine is suspended, which ``time.monotonic`` does not see."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ShardTaken(FarmError):  # noqa: N818 - named for what happened
    """Another machine's supervisor works on the shard; the message names it."""


class Lease:
    """One supervisor's hold on a shard; thread-safe.

    Args:
        client: S3.
        uri: the shard's object.
        owner: who takes it.
        seconds: after so many without a renewal it is anybody's.
        clock: seconds that only grow.
        sleep: pauses for so many seconds.
    """

    def __init__(
        self,
        client: S3Client,
        uri: S3Uri,
        owner: Owner,
        *,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = seconds_since_boot,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._uri = uri
        self._owner = owner
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._etag: str | None = None
        self._renewed_at = float("-inf")

    def take(self) -> None:
        """Take the shard, once its last owner has released it or its heartbeat has stopped for long enough.

        Raises:
            ShardTaken: the owner's heartbeat goes on meanwhile.
            LaterSchemaError: a later version of the collection has the shard.
            S3Error: S3 cannot be read or written.
        """
        seen: datetime | None = None
        while True:
            asked_at = self._clock()
            version = self._read()
            if version is not None and self._is_anothers(version):
                owner = self._owner_of(version)
                if seen is not None and version.modified != seen:
                    self._refuse(owner)
                if seen is None:
                    _LOG.info("waiting: %s had the shard %.0f s ago", owner.node, version.age)
                seen = version.modified
                self._sleep(min(_LOOK_SECONDS, self._seconds - version.age))
                continue
            if self._put(self._owner, version.etag if version else None, asked_at):
                return

    def take_if_free(self) -> bool:
        """Take the shard where nobody has it; return whether this did. Never waits for an owner.

        Raises:
            LaterSchemaError: a later version of the collection has the shard.
            S3Error: S3 cannot be read or written.
        """
        asked_at = self._clock()
        version = self._read()
        if version is not None and self._is_anothers(version):
            return False
        if self._put(self._owner, version.etag if version else None, asked_at):
            return True
        try:
            # Its own, where the reply to the write was lost.
            self.renew()
        except ShardTaken:
            return False
        return True

    def renew(self) -> None:
        """Write the owner's heartbeat.

        Raises:
            ShardTaken: the shard is another's by now.
            S3Error: S3 cannot be read or written.
        """
        asked_at = self._clock()
        if self._put(self._owner, self._etag, asked_at):
            return
        version = self._read()
        owner = self._owner_of(version) if version else None
        if version is None or owner != self._owner:
            self._refuse(owner)
        # Its own: the reply to a write was lost, and the client wrote again.
        self._etag, self._renewed_at = version.etag, asked_at

    def require(self) -> None:
        """Return where the shard is this owner's for certain; call it before each write that another's would harm.

        Raises:
            ShardTaken: the shard is another's by now.
            S3Error: it may be, and S3 cannot be asked.
        """
        if self._clock() - self._renewed_at > self._seconds / 2:
            self.renew()

    def release(self) -> None:
        """Give the shard back, so that nobody has to wait; a failure only shows in the log."""
        try:
            self._put(Owner(self._owner.token, self._owner.node, released=True), self._etag, self._clock())
        except S3Error as error:
            _LOG.warning("the shard is not given back, others wait for %.0f s: %s", self._seconds, error)

    async def keep(self) -> NoReturn:
        """Renew the lease until cancelled.

        Raises:
            ShardTaken: the shard is another's by now.
        """
        # A thread of its own: it must not wait for uploads, and nobody must wait for it.
        thread = ThreadPoolExecutor(1, thread_name_prefix="lease")
        try:
            while True:
                await asyncio.sleep(_RENEWAL_SECONDS)
                try:
                    await asyncio.get_running_loop().run_in_executor(thread, self.renew)
                except S3Error as error:
                    _LOG.warning("%s", error)
        finally:
            thread.shutdown(wait=False)

    def _put(self, owner: Owner, etag: str | None, asked_at: float) -> bool:
        written = put_if_unchanged(self._client, self._uri, owner.to_json(), etag)
        if written is None:
            return False
        self._etag, self._renewed_at = written, asked_at
        return True

    def _read(self) -> Version | None:
        return if_exists(lambda: read_version(self._client, self._uri))

    def _is_anothers(self, version: Version) -> bool:
        """Whether somebody else has the shard, as far as the object tells."""
        owner = self._owner_of(version)
        return owner.token != self._owner.token and not owner.released and version.age < self._seconds

    def _owner_of(self, version: Version) -> Owner:
        """Return whose the shard is; what says nothing may be anybody's, who then shows it by a heartbeat."""
        try:
            return Owner.from_json(version.body, str(self._uri))
        except UnreadableRecordError as error:
            _LOG.warning("%s", error)
            return Owner()

    def _refuse(self, owner: Owner | None) -> NoReturn:
        node = (owner.node if owner else "") or "Another machine"
        raise ShardTaken(
            f"{node} works on this shard ({self._uri}): stop its supervisor there, or let it. "
            f"A supervisor without a heartbeat for {self._seconds:.0f} s loses its shard."
        )


def is_held(client: S3Client, uri: S3Uri, token: str = "") -> bool:
    """Whether the lease at ``uri`` has an owner whose heartbeat goes on, and who is not the one with this token.

    Raises:
        S3Error: S3 cannot be read.
        LaterSchemaError: a later version of the collection has it.
    """
    version = if_exists(lambda: read_version(client, uri))
    if version is None or version.age >= _SECONDS:
        return False
    try:
        owner = Owner.from_json(version.body, str(uri))
    except UnreadableRecordError:
        # As of a shard: anybody's, who then shows it by a heartbeat.
        return True
    return not owner.released and not (token and owner.token == token)


def owner_token(path: Path) -> str:
    """Return what tells this machine's owner of a shard from others, the same whenever it starts again.

    Raises:
        FarmError: it can be neither read nor written.
    """
    try:
        token = path.read_text(errors="replace") if path.exists() else ""
        # Cut off by a full disk or a loss of power it would be no owner's, or another's.
        if not re.fullmatch(r"[0-9a-f]{32}", token):
            token = uuid4().hex
            write_atomically(path, token.encode(), durable=True)
    except OSError as error:
        raise FarmError(f"{path} cannot be read or written: {error.strerror}. Remove what is there.") from error
    return token
