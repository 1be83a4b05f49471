# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor of a number on this node, as the node's service, or where there is none a detached process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._records.names import lease_uri
from .._records.progress import Progress
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._runner.layout import Layout
from .._runner.watch.lease import is_held, owner_token
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .claim import Claim, own_configs

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)


class NumberedSupervisor:
    """A supervisor that has a claimed number, or that runs already.

    Args:
        config: what it is to do, or does.
        connection: how it reaches S3.
        client: the same S3.
        claim: of its number; ``None`` where it runs already, and keeps the number itself.
    """

    def __init__(self, config: RunConfig, connection: Connection, client: S3Client, claim: Claim | None = None) -> None:
        self._config = config
        self._control = ShardControl(config, connection)
        self._client = client
        self._claim = claim
        self.number = config.shard
        self.stage = config.stage

    def start(self) -> None:
        """See :class:`member.Supervisor`."""
        with self._claim.kept() if self._claim else nullcontext():
            self._control.start()

    def is_running(self) -> bool:
        """See :class:`member.Supervisor`."""
        return self._control.is_running()

    def has_lost_number(self) -> bool:
        """See :class:`member.Supervisor`."""
        uri = lease_uri(self._config.results_uri, self.number, self.stage)
        try:
            return is_held(self._client, uri, owner_token(Layout.of(self._config).token))
        except S3Error as error:
            _LOG.warning("%s", error)
            return False

    def stop(self) -> None:
        """See :class:`member.Supervisor`."""
        self._control.stop()

    def progress(self) -> Progress | None:
        """See :class:`member.Supervisor`."""
        return self._control.progress()

    def release(self) -> None:
        """See :class:`member.Supervisor`."""
        if self._claim:
            self._claim.release()


def running_supervisor(workdir: Path, connection: Connection, client: S3Client) -> NumberedSupervisor | None:
    """Return the supervisor that runs on this node already, as after this program was started again; else ``None``."""
    for config in _configs(workdir):
        supervisor = NumberedSupervisor(config, connection, client)
        if supervisor.is_running():
            return supervisor
    return None


def _configs(workdir: Path) -> Iterator[RunConfig]:
    for _number, path in own_configs(workdir):
        try:
            yield RunConfig.load(path)
        except FarmError as error:
            _LOG.warning("%s", error)
