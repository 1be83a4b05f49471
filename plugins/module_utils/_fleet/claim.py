# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of a supervisor on a node that no inventory has: the first that no other supervisor has.

The claim is the lease that the supervisor of the number has in any case, under the same owner: the supervisor takes it
over when it starts, and gives it back when it ends. So there is no second truth, and a number whose node has vanished
is free once its lease has expired.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._records.lease import Owner
from .._records.names import lease_uri, progress_folder
from .._records.stage import Stage
from .._runner.layout import Layout
from .._runner.watch.lease import Lease, ShardTaken, is_held, owner_token
from .._s3.errors import S3Error
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# More than an Auto Scaling group can have instances.
_NUMBERS = 10_000
_RENEWAL_SECONDS = 10.0
_CONFIG = re.compile(r"shard_([1-9][0-9]*)\.config\.json")

MakeLease = Callable[[S3Uri, Owner], Lease]


@dataclass(frozen=True)
class Place:
    """Where numbers are claimed.

    Attributes:
        results: the farm's prefix of results.
        stage: whose supervisor gets the number.
        first: the smallest number; those below are the inventory's nodes'.
        workdir: where the supervisor keeps its files on this node.
        node: the node's name, for people.
    """

    results: S3Uri
    stage: Stage
    first: int
    workdir: Path
    node: str


class Claim:
    """A number that is this node's until its supervisor ends.

    Args:
        number: the supervisor's.
        lease: the supervisor's, taken.
    """

    def __init__(self, number: int, lease: Lease) -> None:
        self.number = number
        self._lease = lease

    @contextmanager
    def kept(self, renewal_seconds: float = _RENEWAL_SECONDS) -> Iterator[None]:
        """Keep the number while the supervisor starts, which may take longer than a lease lasts."""
        ended = threading.Event()

        def renew() -> None:
            while not ended.wait(renewal_seconds):
                try:
                    self._lease.renew()
                except ShardTaken:
                    # The supervisor has ended already, and given it back.
                    return
                except S3Error as error:
                    _LOG.warning("%s", error)

        thread = threading.Thread(target=renew, name="claim", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def release(self) -> None:
        """Give the number back; a failure only shows in the log."""
        self._lease.release()


def claim_number(client: S3Client, place: Place, make_lease: MakeLease | None = None) -> Claim:
    """Return the first number that no other supervisor of the stage has; one that this node has had before any other.

    Never waits for another: who is a moment late takes the next number.

    Raises:
        FarmError: all are taken, or the work directory cannot be written.
        LaterSchemaError: a later version of the collection has one of them.
        S3Error: S3 cannot be read or written.
    """
    make = make_lease or (lambda uri, owner: Lease(client, uri, owner))
    for number in chain(_own_numbers(place), range(place.first, place.first + _NUMBERS)):
        uri = lease_uri(place.results, number, place.stage)
        layout = Layout(place.workdir, number, place.stage)
        # Only of a number that was this node's before: it makes no file for each that it looks at.
        had = owner_token(layout.token) if layout.token.exists() else ""
        if is_held(client, uri, had):
            continue
        layout.create()
        lease = make(uri, Owner(owner_token(layout.token), place.node))
        if lease.take_if_free():
            _LOG.info("this node is supervisor %d of stage %s", number, place.stage)
            return Claim(number, lease)
    raise FarmError(
        f"All supervisors' numbers from {place.first} to {place.first + _NUMBERS - 1} are taken in "
        f"{progress_folder(place.results, place.stage)}: more nodes than a fleet can have."
    )


def own_configs(workdir: Path) -> Iterator[tuple[int, Path]]:
    """Return the number and the configuration's file of each supervisor that was started on this node."""
    for path in sorted((workdir / "state").glob("shard_*.config.json")):
        if name := _CONFIG.fullmatch(path.name):
            yield int(name[1]), path


def _own_numbers(place: Place) -> list[int]:
    """Return the numbers under which supervisors were started here, the one of the last first."""
    found = [(config.stat().st_mtime, number) for number, config in own_configs(place.workdir) if number >= place.first]
    return [number for _time, number in sorted(found, reverse=True)]
