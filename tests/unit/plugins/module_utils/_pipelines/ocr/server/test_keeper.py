# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.keeper import (
    Keeper,
    free_port,
    is_taken,
    server_environment,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.messages import (
    Orders,
    Phase,
    State,
    state_from_message,
)
from tests.support.inference import healthy

pytestmark = pytest.mark.server

SECONDS = 60.0


class Healthy(BaseHTTPRequestHandler):
    """Somebody else, who is healthy too."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


class Member:
    """What a worker hears of a keeper."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self.log: list[str] = []
        self.ready: State | None = None

    async def hear(self, phase: Phase, generation: int = 1) -> State:
        """Return the next state of this phase and generation."""
        async with asyncio.timeout(SECONDS):
            while line := await self._reader.readline():
                message = json.loads(line)
                state = state_from_message(message)
                if state is None:
                    self.log.append(message["log"])
                elif (state.phase, state.generation) == (phase, generation):
                    self.ready = state if phase is Phase.READY else None
                    return state
        raise AssertionError(f"the keeper ended before {phase} {generation}: {self.log}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # The path of a socket is short.
    monkeypatch.chdir(tmp_path)
    return tmp_path / "run"


def kept(
    folder: Path,
    test: Callable[[Member], Awaitable[object]],
    *,
    ports: Callable[[], int] = free_port,
    command: tuple[str, ...] = healthy(),
    **orders: Any,
) -> None:
    """Have a keeper work while a member hears of it; then its master ends, and so do keeper and server."""

    async def run() -> None:
        with subprocess.Popen(
            [sys.executable, "-Sc", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as master:
            given: dict[str, Any] = {
                "health": "/health",
                "start_seconds": SECONDS,
                "folder": str(folder),
            }
            kept_orders = Orders(command=command, health_seconds=0.05, master=master.pid, **given | orders)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind("keeper.sock")
            listener.listen()
            keeper = asyncio.create_task(Keeper(kept_orders, ports).run(listener))
            member = Member(*await asyncio.open_unix_connection("keeper.sock"))
            try:
                await test(member)
            finally:
                member.writer.close()
                master.kill()
                await keeper
            if member.ready:
                assert not is_taken(member.ready.port)

    asyncio.run(run())


def test_a_server_that_dies_is_followed_by_another(folder: Path) -> None:
    async def test(member: Member) -> None:
        first = await member.hear(Phase.READY)
        assert is_taken(first.port)
        (folder / "dead").touch()
        told = await member.hear(Phase.STARTING, 2)
        assert told.why.startswith("the server ended with status 3. It said last: ")
        assert "no more" in told.why
        second = await member.hear(Phase.READY, 2)
        assert is_taken(second.port)
        assert not is_taken(first.port)

    kept(folder, test)


def test_what_it_says_is_told_and_it_has_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    async def test(member: Member) -> None:
        await member.hear(Phase.READY)
        assert member.log == ["up None"]

    kept(folder, test)


def test_one_that_is_no_longer_healthy_is_started_again(folder: Path) -> None:
    async def test(member: Member) -> None:
        await member.hear(Phase.READY)
        (folder / "sick").touch()
        told = await member.hear(Phase.STARTING, 2)
        assert told.why.startswith("the server hangs: it did not say that it is healthy, 2 times in a row")
        (folder / "sick").unlink()
        await member.hear(Phase.READY, 2)

    kept(folder, test, misses=2)


def test_one_that_a_worker_suspects_is_started_again_and_its_follower_is_not(folder: Path) -> None:
    async def test(member: Member) -> None:
        await member.hear(Phase.READY)
        member.writer.write(b"7 of another\n1 it is slow\n")
        told = await member.hear(Phase.STARTING, 2)
        assert told.why.startswith("the server is started again: it is slow")
        await member.hear(Phase.READY, 2)

    kept(folder, test)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("/nowhere/serve", "{port}"), "the server's command cannot be run: .*No such file.*'/nowhere/serve'"),
        (healthy("print('CUDA out of memory'); raise SystemExit(1)"), "ended with status 1 .* CUDA out of memory"),
        (healthy("import os; os.kill(os.getpid(), 11)"), "was ended by SIGSEGV before it could be asked"),
    ],
    ids=["missing", "out of memory", "crash"],
)
def test_one_that_does_not_start_is_given_up_and_it_is_told_why(
    folder: Path, command: tuple[str, ...], told: str
) -> None:
    async def test(member: Member) -> None:
        state = await member.hear(Phase.FAILED)
        with pytest.raises(AssertionError, match=told):
            raise AssertionError(state.why)

    kept(folder, test, command=command)


def test_one_that_never_becomes_healthy_has_its_time(folder: Path) -> None:
    folder.mkdir()
    (folder / "sick").touch()

    async def test(member: Member) -> None:
        state = await member.hear(Phase.FAILED)
        assert "was not healthy within 1 s" in state.why

    kept(folder, test, start_seconds=1)


def test_a_port_that_was_taken_meanwhile_is_left_to_whom_has_it(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        ports = iter([taken])

        async def test(member: Member) -> None:
            state = await member.hear(Phase.READY)
            assert state.port != taken
            assert f"port {taken} was taken meanwhile: another one is tried" in member.log

        kept(folder, test, ports=lambda: next(ports, 0) or free_port())


def test_whoever_answers_on_a_port_that_was_taken_meanwhile_is_not_the_server(folder: Path) -> None:
    """It is healthy before ours has failed to listen."""
    other = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    taken = other.server_address[1]
    ports = iter([taken])

    async def test(member: Member) -> None:
        state = await member.hear(Phase.READY)
        assert state.port != taken
        assert f"port {taken} was taken meanwhile: another one is tried" in member.log

    try:
        slow = healthy("import time; time.sleep(2)")
        kept(folder, test, ports=lambda: next(ports, 0) or free_port(), command=slow)
    finally:
        other.shutdown()
        other.server_close()


def test_one_that_other_machines_reach_is_refused(folder: Path) -> None:
    everywhere = "0.0.0.0"  # noqa: S104 - is to be refused

    async def test(member: Member) -> None:
        state = await member.hear(Phase.FAILED)
        assert f"the server listens on {everywhere}, where other machines reach it: have its command" in state.why

    python, isolated, program, port = healthy()
    kept(folder, test, command=(python, isolated, program.replace("127.0.0.1", everywhere), port))


def test_one_whose_child_listens_is_the_server(folder: Path) -> None:
    """Such as a shell's, or an engine's front."""

    async def test(member: Member) -> None:
        await member.hear(Phase.READY)

    wrapped = "import subprocess, sys; subprocess.run(sys.argv[1:], start_new_session=True)"
    kept(folder, test, command=(sys.executable, "-Ic", wrapped, *healthy()))


def test_one_that_dies_again_and_again_is_given_up(folder: Path) -> None:
    async def test(member: Member) -> None:
        for generation in (1, 2):
            await member.hear(Phase.READY, generation)
            (folder / "dead").touch()
        state = await member.hear(Phase.FAILED, 2)
        assert state.why.startswith("the server ended 2 times in ")

    kept(folder, test, most_deaths=2)


def test_it_ends_with_its_master_and_its_server_with_it(folder: Path) -> None:
    async def test(member: Member) -> None:
        await member.hear(Phase.READY)

    kept(folder, test)


def test_the_environment_of_a_server_has_nothing_of_the_farms(tmp_path: Path) -> None:
    inherited = {"PATH": "/bin", "AWS_PROFILE": "p", "PYTHONPATH": "/ours", "CUDA_VISIBLE_DEVICES": "2"}
    assert server_environment(inherited, tmp_path) == {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "2",
        "TMPDIR": str(tmp_path),
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
    }
