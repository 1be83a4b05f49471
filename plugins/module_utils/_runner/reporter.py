# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing a supervisor's progress, on the node and in S3."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._files import write_atomically
from ansible_collections.glossapi.farm.plugins.module_utils._runner.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.files import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import Progress, progress_uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
_INTERVAL_SECONDS = 5.0
# The last report must not keep a supervisor that should stop.
_LAST_SECONDS = 10.0


class Reporter:
    """Writes the progress to its file and object; neither is the truth, so a failure only shows in the log."""

    def __init__(self, config: RunConfig, client: S3Client, account: Account, executor: Executor) -> None:
        self._path = Layout(Path(config.workdir), config.shard).progress
        self._uri = progress_uri(config.results_uri, config.shard)
        self._client = client
        self._account = account
        self._executor = executor

    async def run(self) -> None:
        """Report every few seconds until cancelled."""
        while True:
            await self._write(self._account.progress("running"))
            await asyncio.sleep(_INTERVAL_SECONDS)

    async def report(self, state: str, message: str = "") -> Progress:
        """Report the last state, in S3 first: whoever sees the file may look there."""
        progress = self._account.progress(state, message)
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await self._upload(progress)
        except TimeoutError:
            _LOG.warning("the last progress could not be written to %s in time", self._uri)
        self._save(progress)
        return progress

    async def _write(self, progress: Progress) -> None:
        self._save(progress)
        await self._upload(progress)

    def _save(self, progress: Progress) -> None:
        try:
            write_atomically(self._path, progress.to_json())
        except OSError as error:
            _LOG.warning("the progress cannot be written: %s", error)

    async def _upload(self, progress: Progress) -> None:
        work = partial(put_bytes, self._client, self._uri, progress.to_json(), "application/json")
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, work)
        except S3Error as error:
            _LOG.warning("%s", error)
