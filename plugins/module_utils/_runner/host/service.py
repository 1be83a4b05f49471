# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of a supervisor.

Run as ``python -m ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service <config.json> [<lock>]``.
``lock`` is the number of the open, locked file descriptor that shows it alive, from :mod:`detached`, which gives it its
environment and its log too. Without it, as systemd runs it, it takes care of these itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..._aws.errors import aws_errors
from ..._children.bundle import pin_bundle
from ..._children.owner import kill_owned, owner_name
from ..._errors import FarmError
from ..._queue.sqs import Queue, queue_client
from ..._records.effort import Effort
from ..._records.history import History
from ..._records.lease import Owner
from ..._records.manifest import manifest_etag, read_manifest
from ..._records.names import lease_uri
from ..._records.progress import BROKEN
from ..._records.timings import Timings
from ..._s3.errors import S3Error
from ..._s3.uri import S3Uri
from ..._status.efforts import effort_of
from ..._status.supervisors import read_histories, read_progress
from ..config import RunConfig, child_environment, own_secrets
from ..layout import Layout
from ..masking import MaskingFormatter
from ..watch.budget import wait_for_overspending
from ..watch.health import gpu_health
from ..watch.interruption import notice_source
from ..watch.lease import Lease, ShardTaken, owner_token
from ..watch.manifest_change import wait_for_manifest_change
from ..work.account import Account
from ..work.in_work import WorkRecord
from ..work.loans import THREADS as LOAN_THREADS
from ..work.loans import Loans
from ..work.outage import Backoff
from ..work.queued_work import THREADS as QUEUE_THREADS
from ..work.queued_work import Pace, QueuedWork
from ..work.schedule import Schedule
from ..work.selection import select
from ..work.supervisor import Ending, Hooks, Supervisor, threads_for
from ..work.taking import PieceTaker
from ..work.trade import Trade
from .lock import name_holder, take_lock
from .log_file import keep_log

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

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
        layout = Layout.of(config)
        if not lock:
            hold_lock(layout)
            os.environ.update(child_environment(config.connection(), pin_bundle(os.environ)))
        stream = keep_log(layout.log, is_stderr=bool(lock))
        handler = logging.StreamHandler(stream)
        handler.setFormatter(MaskingFormatter(_LOG_FORMAT, own_secrets()))
        logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
        return supervise(config)
    except (S3Error, ShardTaken) as error:
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
    """Clear what a killed predecessor left, have the shard for this machine alone, then work.

    Raises:
        FarmError: another machine works on the shard, or the manifest or the markers cannot be read.
    """
    layout = Layout.of(config)
    processes = owner_name(layout.workdir, config.shard)
    kill_owned(processes)
    shutil.rmtree(layout.documents, ignore_errors=True)
    layout.create()
    connection = config.connection()
    client = connection.client(pool_size=threads_for(config) + max(LOAN_THREADS, QUEUE_THREADS))
    inputs = config.input_connection(connection).client(pool_size=threads_for(config))
    uri = lease_uri(config.results_uri, config.shard, config.stage)
    owner = Owner(owner_token(layout.token), config.node)
    lease = Lease(client, uri, owner)
    lease.take()
    try:
        ending = work(config, client, inputs, owner, lease)
    finally:
        # What is no slot's own, such as the server of a GPU.
        kill_owned(processes)
        lease.release()
    _LOG.info("%s %s", ending.progress.state, ending.progress.message)
    if ending.restart_helps:
        return EXIT_RESTART
    return EXIT_NO_USE if ending.progress.state in ("failed", BROKEN) else 0


def effort_before(client: S3Client, config: RunConfig) -> Effort:
    """Return what the shard's earlier supervisors have worked, to which this one adds.

    Raises:
        FarmError: they do not tell, and there is a budget that needs to know.
        S3Error: S3 could not be read.
    """
    shard = config.shard
    progress = read_progress(client, config.results_uri, [shard], config.stage)
    histories = read_histories(client, config.results_uri, [shard], config.stage)
    effort = effort_of(progress.by_shard.get(shard), histories.by_shard.get(shard))
    if effort is not None:
        return effort
    problems = [*progress.problems, *histories.problems]
    if shard in progress.by_shard:
        problems.append(f"shard {shard}: its progress and history do not say how long it worked.")
    if problems and config.budget:
        raise FarmError(
            f"{' '.join(problems)} So nobody knows what was spent of the budget: start the shard without farm_budget, "
            "or update the collection where a later version wrote this."
        )
    for problem in problems:
        _LOG.warning("%s", problem)
    return Effort()


def timings_before(client: S3Client, config: RunConfig) -> Timings:
    """Return what earlier supervisors have measured of this pipeline and these settings.

    Raises:
        S3Error: S3 could not be read.
    """
    histories = read_histories(client, config.results_uri, [config.shard], config.stage)
    return histories.by_shard.get(config.shard, History()).timings.on(config.timings_basis)


def work(config: RunConfig, client: S3Client, inputs: S3Client, owner: Owner, lease: Lease) -> Ending:
    """Work on the shard, whose lease was taken.

    Args:
        config: what to do.
        client: of the S3 that has manifests and results.
        inputs: of the S3 that has the documents.
        owner: this supervisor.
        lease: of the shard, the owner's.

    Raises:
        FarmError: the manifest or the markers cannot be read.
    """
    if config.queue:
        return work_off_queue(config, client, inputs, owner, lease)
    manifests = S3Uri.parse(config.manifests)
    # Before the manifest is read: a cut that comes between is noticed.
    etag = manifest_etag(client, manifests, config.shard)
    documents = read_manifest(client, manifests, config.shard)
    record = WorkRecord.of_shard(client, config.results_uri, config.shard, config.stage, lease.require)
    loans = Loans(
        client,
        config,
        owner,
        lambda lent: select(client, inputs, config, lent, record.interrupted()),
        # Of their own: nobody must wait for them, and asyncio's are waited for.
        ThreadPoolExecutor(LOAN_THREADS, thread_name_prefix="loan"),
    )
    # Read where helping is turned off, too: what was lent before is not to be done twice. Before the markers are: what
    # comes back in between has markers then, or is pending.
    outstanding = tuple(loans.read_changed())
    selection = select(client, inputs, config, documents, record.open())
    _LOG.info("shard %d: %d documents, %d to be done", config.shard, len(documents), selection.pending)
    before, timings = effort_before(client, config), timings_before(client, config)
    account = Account(config, documents, selection.finished, before, timings)
    manifest_change = partial(wait_for_manifest_change, client, manifests, config.shard, etag)

    def trade(schedule: Schedule, account: Account, _backoff: Backoff) -> Trade:
        return Trade(config, loans, outstanding, schedule, account, lease.require)

    notices = notices_of(config, client)
    hooks = Hooks(gpu_health(config), notices, (manifest_change,), lease, record, trade)
    return asyncio.run(Supervisor(config, client, inputs, selection.attempts, account, hooks).run())


def work_off_queue(config: RunConfig, client: S3Client, inputs: S3Client, owner: Owner, lease: Lease) -> Ending:
    """Work on pieces of the queue, under a number whose lease was taken; see :func:`work`.

    Raises:
        FarmError: what earlier supervisors of the number have left cannot be read, or the queue has no such URL.
    """
    # It says whether the supervisor before has vanished, and so may have a piece that comes again.
    record = WorkRecord.of_shard(client, config.results_uri, config.shard, config.stage, lease.require)
    record.open()
    pace = Pace().after_vanishing() if record.has_taken_over else Pace()
    with aws_errors(f"reach the queue {config.queue}"):
        queue = Queue(queue_client(config.connection(), config.queue), config.queue)
    taker = PieceTaker(client, config, owner, queue, partial(select, client, inputs, config))

    def source(schedule: Schedule, account: Account, backoff: Backoff) -> QueuedWork:
        # Of their own: nobody must wait for them, and asyncio's are waited for.
        executor = ThreadPoolExecutor(QUEUE_THREADS, thread_name_prefix="queue")
        return QueuedWork(config, taker, schedule, account, backoff, executor, pace)

    _LOG.info("supervisor %d: pieces of %s", config.shard, config.queue)
    account = Account(config, [], {}, effort_before(client, config), timings_before(client, config))
    hooks = Hooks(gpu_health(config), notices_of(config, client), (), lease, record, source)
    return asyncio.run(Supervisor(config, client, inputs, [], account, hooks).run())


def notices_of(config: RunConfig, client: S3Client) -> tuple[Callable[[], Awaitable[str]], ...]:
    """Return what may tell the supervisor to stop, see :class:`Hooks`."""
    notices: list[Callable[[], Awaitable[str]]] = []
    if config.interruption_notices and (notice := notice_source()):
        notices.append(notice)
    if config.budget:
        notices.append(partial(wait_for_overspending, client, config.results_uri, config.budget, config.price_per_hour))
    return tuple(notices)


if __name__ == "__main__":
    status = main(sys.argv[1:])
    logging.shutdown()
    # A thread may be waiting for S3 to answer; a stop must not wait with it.
    os._exit(status)
