# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import OWNER_VARIABLE, kill_owned, owned_by
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.keeper import is_taken
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.link import Link
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.messages import Orders
from tests.support.inference import healthy
from tests.support.shards import until

OWNER = "test-of-link"
Connect = Callable[..., Link]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def connect(tmp_path: Path, library_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    monkeypatch.syspath_prepend(str(library_path))
    monkeypatch.setenv(OWNER_VARIABLE, f"{OWNER}/0")
    # Longer than the path of a socket may be.
    folder = tmp_path / ("a" * 100) / "servers"

    def connect_to(command: tuple[str, ...] = healthy(), **orders: Any) -> Link:
        given: dict[str, Any] = {
            "health": "/health",
            "start_seconds": 60,
            "folder": str(folder / "run"),
        }
        link = Link(
            folder, "0", Orders(command=command, health_seconds=0.05, master=os.getpid(), **given | orders), said.append
        )
        links.append(link)
        return link

    links: list[Link] = []
    yield connect_to
    for link in links:
        link.close()
    kill_owned(OWNER)


@pytest.mark.server
def test_the_workers_of_a_gpu_share_one_server(connect: Connect) -> None:
    first, second = connect(), connect()
    state = first.wait_until_ready()
    assert second.wait_until_ready() == state
    assert first.is_current(state.generation)
    first.close()
    # The server is not the first one's.
    with socket.create_connection(("127.0.0.1", state.port)) as connection:
        connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
        assert b" 200 " in connection.recv(100)
    assert second.is_current(state.generation)


def test_a_server_that_nobody_uses_ends_and_the_next_worker_has_a_new_one(connect: Connect) -> None:
    link = connect(linger_seconds=0.5)
    state = link.wait_until_ready()
    link.close()
    until(lambda: not is_taken(state.port))
    assert connect().wait_until_ready().generation == 1


def test_its_processes_are_the_shards_and_no_slots(connect: Connect) -> None:
    connect().wait_until_ready()
    assert owned_by(f"{OWNER}/0") == []
    assert len(owned_by(OWNER)) == 2


def test_what_the_server_says_is_passed_on(connect: Connect, said: list[str]) -> None:
    connect().wait_until_ready()
    assert said[0].startswith("up")


def test_a_worker_can_have_a_server_started_again(connect: Connect) -> None:
    link = connect()
    link.wait_until_ready()
    link.suspect(1, "it is slow")
    assert not link.is_current(1)
    assert link.wait_until_ready().generation == 2
    # It was done already.
    link.suspect(1, "it is slow")
    assert link.is_current(2)


def test_a_worker_that_is_to_be_alone_waits_for_the_others_and_they_for_it(connect: Connect) -> None:
    one, other, third = connect(), connect(), connect()
    order: list[str] = []

    def be_alone() -> None:
        with other.turn(alone=True):
            order.append("alone")

    def ask() -> None:
        with third.turn(alone=False):
            order.append("asks")

    with one.turn(alone=False):
        with third.turn(alone=False):
            assert not one.is_awaited()
        waits = threading.Thread(target=be_alone)
        waits.start()
        until(one.is_awaited)
        # It came later, and does not pass it.
        later = threading.Thread(target=ask)
        later.start()
        order.append("ends")
    waits.join(60)
    later.join(60)
    assert order == ["ends", "alone", "asks"]
    assert not one.is_awaited()


def test_a_server_that_does_not_start_is_told_and_tried_anew_by_the_next(connect: Connect, said: list[str]) -> None:
    broken = healthy("print('CUDA out of memory'); raise SystemExit(1)")
    for _worker in range(2):
        with pytest.raises(FarmError, match=r"The server cannot be had: .* CUDA out of memory"):
            connect(broken).wait_until_ready()
    assert any("failed: the server ended with status 1" in line for line in said)
    assert connect().wait_until_ready().generation == 1


def test_a_keeper_that_is_gone_is_no_server(connect: Connect) -> None:
    link = connect()
    state = link.wait_until_ready()
    kill_owned(OWNER)
    until(lambda: not link.is_current(state.generation))
    with pytest.raises(FarmError, match="its keeper is gone"):
        link.wait_until_ready()
