# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import outage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff, Outage, Transfer
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error, describe
from tests.support.clock import ClockOf


def failing(*errors: Exception) -> Callable[[], str]:
    """Return work that raises each error once, and then succeeds."""
    waiting = list(errors)

    def work() -> str:
        if waiting:
            raise waiting.pop(0)
        return "done"

    return work


def always(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


def run(outage_seconds: float, work: Callable[[], str]) -> str:
    with ThreadPoolExecutor(1) as executor:
        return asyncio.run(Backoff(executor, outage_seconds).run(work, Transfer.WRITE_OUTPUT))


def test_a_short_outage_is_waited_out() -> None:
    assert run(30, failing(S3Error("slow", "SlowDown"))) == "done"


def test_a_short_outage_is_waited_out_whatever_becomes_of_the_wall_clock(
    monkeypatch: pytest.MonkeyPatch, clock_of: ClockOf
) -> None:
    monkeypatch.setattr(outage, "_FIRST_PAUSE_SECONDS", 0)
    clock_of(outage)
    assert run(30, failing(*[S3Error("slow", "SlowDown")] * 3)) == "done"


def test_a_long_outage_is_no_documents_failure() -> None:
    with pytest.raises(Outage, match="stay pending"):
        run(0, failing(S3Error("gone", "EndpointConnectionError")))


def test_a_full_disk_is_no_documents_failure() -> None:
    with pytest.raises(Outage, match="No space"):
        run(0, failing(OSError(28, "No space left on device")))


def test_what_is_wrong_with_the_request_is_the_documents_failure_at_once() -> None:
    with pytest.raises(DocumentFailure) as raised:
        run(1000, always(S3Error("too long", "KeyTooLongError")))
    assert raised.value.failure_class is FailureClass.UPLOAD


async def verdict(error: Exception, kind: Transfer, others_kind: Transfer) -> Exception:
    """Return how a transfer ends that always fails while another one succeeds."""
    with ThreadPoolExecutor(2) as executor:
        backoff = Backoff(executor, 0.0)
        others = asyncio.Event()

        def work() -> str:
            asyncio.run_coroutine_threadsafe(succeed(), loop).result()
            raise error

        async def succeed() -> None:
            await backoff.run(lambda: "done", others_kind)
            others.set()

        loop = asyncio.get_running_loop()
        with pytest.raises(Exception, match=re.escape(str(error))) as raised:
            await backoff.run(work, kind)
        assert others.is_set()
        return raised.value


DENIED = S3Error("denied", "AccessDenied")


@pytest.mark.parametrize(
    ("kind", "failure_class"),
    [(Transfer.READ_INPUT, FailureClass.DOWNLOAD), (Transfer.WRITE_OUTPUT, FailureClass.UPLOAD)],
)
def test_a_transfer_that_fails_while_others_of_its_kind_succeed_is_the_documents_failure(
    kind: Transfer, failure_class: FailureClass
) -> None:
    failure = asyncio.run(verdict(DENIED, kind, kind))
    assert isinstance(failure, DocumentFailure)
    assert failure.failure_class is failure_class


@pytest.mark.parametrize(("kind", "other"), list(itertools.permutations(Transfer, 2)))
def test_a_transfer_that_fails_while_others_of_another_kind_succeed_is_no_documents_failure(
    kind: Transfer, other: Transfer
) -> None:
    assert isinstance(asyncio.run(verdict(DENIED, kind, other)), Outage)


def test_a_document_that_cannot_be_marked_has_no_outcome() -> None:
    assert isinstance(asyncio.run(verdict(DENIED, Transfer.WRITE_STATUS, Transfer.WRITE_STATUS)), Outage)
    too_long = S3Error("too long", "KeyTooLongError")
    assert isinstance(asyncio.run(verdict(too_long, Transfer.WRITE_STATUS, Transfer.WRITE_STATUS)), Outage)


def test_credentials_that_expire_are_never_a_documents_failure() -> None:
    expired = describe("ExpiredToken", "", "read")
    assert isinstance(asyncio.run(verdict(expired, Transfer.READ_INPUT, Transfer.READ_INPUT)), Outage)


@pytest.mark.parametrize(("others_work", "expected"), [(True, DocumentFailure), (False, Outage)])
def test_where_nothing_else_is_transferred_a_probe_tells_whose_the_fault_is(
    others_work: bool, expected: type[Exception]
) -> None:
    with ThreadPoolExecutor(1) as executor:
        backoff = Backoff(executor, 0, {Transfer.READ_INPUT: lambda: others_work})
        with pytest.raises(expected, match="denied"):
            asyncio.run(backoff.run(always(DENIED), Transfer.READ_INPUT))


def test_a_success_before_the_transfer_began_does_not_blame_the_document() -> None:
    async def check(backoff: Backoff) -> None:
        await backoff.run(lambda: "done", Transfer.READ_INPUT)
        with pytest.raises(Outage, match="denied"):
            await backoff.run(failing(S3Error("denied", "AccessDenied")), Transfer.READ_INPUT)

    with ThreadPoolExecutor(1) as executor:
        asyncio.run(check(Backoff(executor, 0)))
