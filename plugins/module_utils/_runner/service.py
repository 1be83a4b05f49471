# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of a supervisor.

Run as ``python -m ansible_collections.glossapi.farm.plugins.module_utils._runner.service <config.json> [<lock>]``.
``lock`` is the number of the open, locked file descriptor that shows it alive, from :mod:`detached`, which gives it its
environment and its log too. Without it, as systemd runs it, it takes care of these itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.bundle import pin_bundle
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig, child_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.files import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.health import gpu_health
from ansible_collections.glossapi.farm.plugins.module_utils._runner.interruption import notice_source
from ansible_collections.glossapi.farm.plugins.module_utils._runner.lock import name_holder, take_lock
from ansible_collections.glossapi.farm.plugins.module_utils._runner.log_file import keep_log
from ansible_collections.glossapi.farm.plugins.module_utils._runner.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._runner.processes import kill_owned, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._runner.selection import select
from ansible_collections.glossapi.farm.plugins.module_utils._runner.supervisor import Hooks, Supervisor, threads_for
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_LOG = logging.getLogger(__name__)
_LOG_FORMAT = "%(asctime)s supervisor %(levelname)s %(message)s"
# Another start may go further: S3 was out of reach, for example. systemd restarts the service.
EXIT_RESTART = 1
# Another start would end the same way until somebody does something (EX_CONFIG of sysexits.h; in the unit
# RestartPreventExitStatus=78).
EXIT_NO_USE = 78


def main(arguments: list[str]) -> int:
    """Supervise one shard; return 0 when it is finished or was stopped, else one of the statuses above."""
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT)
    config_path, *lock = arguments
    # Only this process shows that the supervisor lives, not what it starts.
    for descriptor in lock:
        os.set_inheritable(int(descriptor), False)
    try:
        config = RunConfig.load(Path(config_path))
        layout = Layout(Path(config.workdir), config.shard)
        if not lock:
            hold_lock(layout)
            os.environ.update(child_environment(config.connection(), pin_bundle(os.environ)))
        stream = keep_log(layout.log, is_stderr=bool(lock))
        logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT, stream=stream, force=True)
        return supervise(config)
    except S3Error as error:
        _LOG.error("%s", error)
        return EXIT_RESTART
    except FarmError as error:
        _LOG.error("%s", error)
        return EXIT_NO_USE


def hold_lock(layout: Layout) -> None:
    """Take the shard's lock until this process ends.

    Raises:
        FarmError: another supervisor has it.
    """
    descriptor = take_lock(layout.lock)
    if descriptor is None:
        raise FarmError(
            f"Another supervisor works on shard {layout.shard}, process {layout.lock.read_text()} (by {layout.lock}): "
            "stop it first."
        )
    name_holder(descriptor, os.getpid())


def supervise(config: RunConfig) -> int:
    """Clear what a killed predecessor left, then work.

    Raises:
        FarmError: the manifest or the markers cannot be read.
    """
    layout = Layout(Path(config.workdir), config.shard)
    kill_owned(owner_name(layout.workdir, config.shard))
    shutil.rmtree(layout.documents, ignore_errors=True)
    layout.create()
    client = config.connection().client(pool_size=threads_for(config))
    documents = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    selection = select(client, config, documents)
    _LOG.info("shard %d: %d documents, %d to be done", config.shard, len(documents), selection.pending)
    account = Account(config, documents, selection.finished)
    notice = notice_source() if config.interruption_notices else None
    hooks = Hooks(gpu_health(config), tuple(filter(None, [notice])))
    ending = asyncio.run(Supervisor(config, client, selection.attempts, account, hooks).run())
    _LOG.info("%s %s", ending.progress.state, ending.progress.message)
    if ending.progress.state != "failed":
        return 0
    return EXIT_RESTART if ending.restart_helps else EXIT_NO_USE


if __name__ == "__main__":
    status = main(sys.argv[1:])
    logging.shutdown()
    # A thread may be waiting for S3 to answer; a stop must not wait with it.
    os._exit(status)
