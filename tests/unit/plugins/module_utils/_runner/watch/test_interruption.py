# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.metadata import InstanceMetadata
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.interruption import (
    group_notice,
    maintenance_notice,
    notice_source,
    spot_notice,
    wait_for_notice,
)
from emulators.imds import ImdsServer
from emulators.process import LOOPBACK, free_ports

pytestmark = pytest.mark.server

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ImdsServer]:
    with ImdsServer() as imds:
        yield imds


def event(begins: datetime, state: str = "active") -> dict[str, str]:
    return {"Code": "system-reboot", "NotBefore": format_datetime(begins, usegmt=True), "State": state}


def wait(server: ImdsServer, *changes: Callable[[], None]) -> str:
    """Wait for a notice; a change takes place each time the service has been asked anew."""

    async def wait_and_change() -> str:
        waiting = asyncio.create_task(wait_for_notice(InstanceMetadata(server.endpoint_url), poll_seconds=0.01))
        for change in changes:
            seen = len(server.requests)
            async with asyncio.timeout(60):
                while len(server.requests) < seen + 2:
                    await asyncio.sleep(0.01)
            assert not waiting.done()
            change()
        async with asyncio.timeout(60):
            return await waiting

    return asyncio.run(wait_and_change())


def test_a_spot_instance_is_told_before_it_is_taken_away(server: ImdsServer) -> None:
    notice = wait(server, lambda: server.interrupt("terminate", "2026-11-24T12:02:00Z"))
    assert notice == "EC2 will terminate this spot instance at 2026-11-24T12:02:00Z"


def test_a_token_that_has_run_out_is_replaced(server: ImdsServer) -> None:
    assert "stop this spot instance" in wait(server, server.forget_token, lambda: server.interrupt("stop", "soon"))


def test_maintenance_counts_when_it_is_near(server: ImdsServer) -> None:
    later = datetime.now(UTC) + timedelta(days=7)
    soon = datetime.now(UTC) + timedelta(minutes=2)
    notice = wait(server, lambda: server.schedule(**event(later)), lambda: server.schedule(**event(soon)))
    assert notice.startswith("EC2 has scheduled system-reboot for this instance at ")


@pytest.mark.parametrize(
    ("minutes", "state", "is_near"),
    [(6, "active", False), (4, "active", True), (-1, "active", True), (-3, "active", False), (1, "completed", False)],
)
def test_an_event_is_near_from_five_minutes_before_to_two_after(minutes: int, state: str, is_near: bool) -> None:
    body = json.dumps([event(NOW + timedelta(minutes=minutes), state)])
    assert (maintenance_notice(body, NOW) is not None) is is_near


@pytest.mark.parametrize("body", [None, "", "[]"])
def test_nothing_announced_is_no_notice(body: str | None) -> None:
    assert maintenance_notice(body, NOW) is None
    assert spot_notice(None) is None


@pytest.mark.parametrize("body", ["no JSON", '[{"Code": "system-reboot"}]', "[3]", '[{"NotBefore": "soon"}]'])
def test_what_ec2_does_not_say_is_an_error_and_no_notice(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        maintenance_notice(body, NOW)


def test_where_there_is_no_service_nothing_ever_comes(caplog: pytest.LogCaptureFixture) -> None:
    (port,) = free_ports(1)
    said = asyncio.Event()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "there is no instance metadata service" in record.getMessage():
                said.set()

    async def wait_a_while() -> bool:
        waiting = asyncio.create_task(wait_for_notice(InstanceMetadata(f"http://{LOOPBACK}:{port}"), 0.001))
        await asyncio.wait_for(said.wait(), 60)
        still_waits = not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return still_waits

    logger = logging.getLogger(wait_for_notice.__module__)
    listener = Listener()
    logger.addHandler(listener)
    try:
        assert asyncio.run(wait_a_while())
    finally:
        logger.removeHandler(listener)
    assert len(caplog.records) == 2


def test_the_environment_names_the_service_or_turns_it_off(server: ImdsServer) -> None:
    assert notice_source({"AWS_EC2_METADATA_DISABLED": "true"}) is None
    source = notice_source({"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint_url})
    assert source is not None
    server.interrupt("hibernate", "2026-11-24T12:02:00Z")
    assert "hibernate" in asyncio.run(_result(source))


async def _result(source: Callable[[], object]) -> str:
    waiting = source()
    assert asyncio.iscoroutine(waiting)
    result: str = await waiting
    return result


def test_an_instance_is_told_that_its_group_ends_it(server: ImdsServer) -> None:
    notice = wait(server, lambda: server.decide("InService"), lambda: server.decide("Terminated"))
    assert notice == "Auto Scaling ends this instance"
    assert group_notice(None) is None
