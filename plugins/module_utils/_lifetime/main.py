# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node's timer runs: looks whether the node is to end itself, and says so in S3.

Runs on a node's own Python, 3.9, too: a node without its environment, as after a stop has emptied its disk, ends itself
all the same when it idles. It only says nothing in S3 then.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .._aws.metadata import LEAVING, Instance, metadata_service, read_instance
from .._errors import FarmError
from .decision import Ending, Situation, reason_to_end
from .machine import Machine
from .settings import Settings

if TYPE_CHECKING:
    from .telling import Told

_LOG = logging.getLogger(__name__)
# The unit then has the machine shut down: this runs as a user who may not.
EXIT_END = 75
EXIT_BROKEN = 1
# S3 that does not answer must not keep a node alive; the unit's TimeoutStartSec is longer than five of these.
_S3_SECONDS = 90.0
# From EC2's start of an instance to its kernel's.
_MOST_BOOT_SECONDS = 600.0
_PROC = Path("/proc")

_Result = TypeVar("_Result")


def main(arguments: list[str]) -> int:
    """Look once.

    Args:
        arguments: files with the settings; of those that are there the last one counts, as it is newer.

    Returns:
        :data:`EXIT_END` where the machine is to end, 0 where not, :data:`EXIT_BROKEN` where nobody can tell.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        first, *newer = map(Path, arguments)
        settings = Settings.load(next((path for path in reversed(newer) if path.exists()), first))
        ending = look(settings, Machine(_PROC, Path(settings.mark), Path(settings.hold)), time.time())
    except FarmError as error:
        _LOG.error("%s", error)
        return EXIT_BROKEN
    if ending is None:
        return 0
    _LOG.warning("this node ends itself (%s): %s", ending.cause, ending.message)
    return EXIT_END


def look(settings: Settings, machine: Machine, now: float) -> Ending | None:
    """Return why the node is to end itself, after having said so in S3; ``None`` where it is to go on.

    Raises:
        FarmError: what happens on the machine cannot be told.
    """
    instance = _instance()
    quiet, is_held = machine.quiet_seconds(now), machine.is_held()
    told = _told(settings, instance, machine) if instance else None
    spent = None
    if told is not None:
        within(_S3_SECONDS, partial(told.tell, now, None, is_held=is_held))
        spent = within(_S3_SECONDS, told.spent) if settings.budget else None
    situation = Situation(
        quiet=quiet,
        age=now - instance.launched_at if instance else None,
        is_finished=told is not None and _is_finished(settings),
        is_held=is_held,
        spent=spent,
        is_leaving=instance is not None and instance.group_state == LEAVING,
    )
    ending = reason_to_end(settings.limits, situation)
    if ending is not None and told is not None:
        within(_S3_SECONDS, partial(told.tell, now, ending, is_held=is_held))
    if ending is not None and settings.alarm:
        within(_S3_SECONDS, partial(_remove_alarm, settings))
    if ending is not None and instance is not None and instance.group_state not in ("", LEAVING):
        within(_S3_SECONDS, partial(_leave_group, settings, instance, ending))
    return ending


def within(seconds: float, work: Callable[[], _Result]) -> _Result | None:
    """Return what ``work`` returns, ``None`` where it fails or takes longer; why shows in the log."""
    results: list[_Result] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            # Whatever it is, the node must still be able to end itself.
            _LOG.warning("%s", error, exc_info=not isinstance(error, FarmError))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _LOG.warning("AWS has not answered within %.0f s", seconds)
    return results[0] if results else None


def _instance() -> Instance | None:
    service = metadata_service()
    if service is None:
        return None
    try:
        return read_instance(service)
    except (OSError, ValueError) as error:
        _LOG.warning("the instance metadata service does not say which instance this is: %s", error)
        return None


def _told(settings: Settings, instance: Instance, machine: Machine) -> Told | None:
    try:
        from .._s3.connection import Connection
        from .telling import Told
    except ImportError as error:
        _LOG.warning("nothing is said in S3, as this node has no environment yet: %s", error)
        return None
    try:
        booted_at = machine.booted_at()
        # A document that EC2 did not renew when the instance was started again would have the pause billed.
        is_old = booted_at - instance.launched_at > _MOST_BOOT_SECONDS
        started_at = booted_at if is_old else instance.launched_at
        return within(_S3_SECONDS, partial(Told, settings, instance, Connection(region=settings.region), started_at))
    except FarmError as error:
        _LOG.warning("nothing is said in S3: %s", error)
        return None


def _remove_alarm(settings: Settings) -> None:
    try:
        from .._s3.connection import Connection
        from .alarm import remove_alarm
    except ImportError as error:
        _LOG.warning(
            "the alarm %s will tell that this node is silent: it has no environment yet: %s", settings.alarm, error
        )
        return
    remove_alarm(Connection(region=settings.region), settings.alarm)


def _leave_group(settings: Settings, instance: Instance, ending: Ending) -> None:
    try:
        from .._s3.connection import Connection
        from .group import leave_group
    except ImportError as error:
        _LOG.warning("the Auto Scaling group will launch another node, as this one has no environment: %s", error)
        return
    leave_group(Connection(region=settings.region), instance.id, launch_no_more=ending.cause == "budget")


def _is_finished(settings: Settings) -> bool:
    from .telling import is_finished

    return is_finished(Path(settings.workdir), settings.last_stage)


def run_and_exit(arguments: list[str]) -> None:
    """Run it and end the process at once: a thread may be waiting for S3."""
    status = main(arguments)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)
