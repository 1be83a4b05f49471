# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notice that EC2 takes the machine away: two minutes ahead for spot, some for Auto Scaling, days for maintenance.

Asked of the instance metadata service, every five seconds as EC2's User Guide advises.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ..._aws.metadata import GROUP_STATE_PATH, LEAVING, InstanceMetadata, metadata_service

_LOG = logging.getLogger(__name__)
_SPOT_PATH = "/latest/meta-data/spot/instance-action"
_EVENTS_PATH = "/latest/meta-data/events/maintenance/scheduled"
_POLL_SECONDS = 5.0
_FIRST_TRIES = 3
# A scheduled event is announced days before; so long before it a stop has time for the documents in work.
_AHEAD = timedelta(minutes=5)
# One that stays active after the machine is back is over.
_AFTER = timedelta(minutes=2)


def spot_notice(body: str | None) -> str | None:
    """Return in words what ``spot/instance-action`` announces, ``None`` for nothing.

    Raises:
        ValueError: it is not what EC2 documents.
    """
    if not body:
        return None
    action = json.loads(body)
    if not isinstance(action, dict):
        raise ValueError(f"no object: {body[:200]}")
    return f"EC2 will {action.get('action', 'interrupt')} this spot instance at {action.get('time', 'an unknown time')}"


def group_notice(body: str | None) -> str | None:
    """Return in words that the instance's Auto Scaling group ends it, ``None`` where it does not, or there is none."""
    return "Auto Scaling ends this instance" if body is not None and body.strip() == LEAVING else None


def maintenance_notice(body: str | None, now: datetime) -> str | None:
    """Return in words which scheduled event is near, ``None`` for none.

    Raises:
        ValueError: it is not what EC2 documents.
    """
    events: list[dict[str, Any]] = json.loads(body) if body else []
    for event in events:
        try:
            begins = parsedate_to_datetime(event["NotBefore"])
            state = event.get("State", "active")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no event: {event}") from error
        if begins.tzinfo is None:
            begins = begins.replace(tzinfo=UTC)
        if state == "active" and begins - _AHEAD <= now <= begins + _AFTER:
            return f"EC2 has scheduled {event.get('Code', 'an event')} for this instance at {event['NotBefore']}"
    return None


async def wait_for_notice(service: InstanceMetadata, poll_seconds: float = _POLL_SECONDS) -> str:
    """Return in words that the machine is to be taken away, once it is.

    Never returns where the service does not answer at the first.
    """
    failures = 0
    has_answered = False
    while True:
        try:
            notice = await asyncio.to_thread(read_notice, service)
        except (OSError, ValueError) as error:
            failures += 1
            if failures == 1:
                _LOG.warning("the instance metadata service does not tell of interruptions: %s", error)
            if not has_answered and failures == _FIRST_TRIES:
                _LOG.warning("there is no instance metadata service: interruptions will come without notice")
                await asyncio.Event().wait()
        else:
            has_answered, failures = True, 0
            if notice is not None:
                return notice
        await asyncio.sleep(poll_seconds)


def read_notice(service: InstanceMetadata) -> str | None:
    """Return in words that the machine is to be taken away, ``None`` where it is not.

    Raises:
        OSError: the service does not answer, or not as it should.
        ValueError: its answer is not what EC2 documents.
    """
    return (
        spot_notice(service.read(_SPOT_PATH))
        or group_notice(service.read(GROUP_STATE_PATH))
        or maintenance_notice(service.read(_EVENTS_PATH), datetime.now(UTC))
    )


def notice_source(environment: Mapping[str, str] | None = None) -> Callable[[], Awaitable[str]] | None:
    """Return what waits for a notice; ``None`` where the environment turns the service off."""
    service = metadata_service(environment)
    return None if service is None else lambda: wait_for_notice(service)
