# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keeper of one server: a process that starts it, looks after it, and tells the workers of its GPU how it is.

Run as ``python -m ...keeper <socket's descriptor> <orders>`` by :mod:`link`. It is no child of a worker, so that one
that is replaced, for a document that took too long, does not take a server along whose start takes minutes. It ends
with the supervisor, and where no worker has used it for a while.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from ...._children.bundle import without_bundle
from ...._children.descendants import descendants_of
from ...._children.lifetime import die_with_parent
from ...._children.listening import listening_on
from ...._children.owner import OWNER_VARIABLE, kill_owned, owned_by
from .chat import LOOPBACK
from .messages import MOST_BYTES, Orders, Phase, State, encode, state_to_message
from .options import with_port

_START_LOOK_SECONDS = 0.25
_HEALTH_LIMIT_SECONDS = 10.0
_LINE_CHARACTERS = 2000
# Of what it said last, to tell why it ended.
_KEPT_LINES = 40
_SHOWN_LINES = 3
_OTHER_PORTS = 3
_OUR_OWN_VARIABLES = ("PYTHONPATH", "PYTHONSAFEPATH", "PYTHONHOME")


class _Ended(Exception):  # noqa: N818 - named for what happened
    """The server has ended, or has to; the message says why."""


def free_port() -> int:
    """Return a port of loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def server_environment(inherited: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of a server: none of this library, no key to AWS, and no look at the model hub."""
    kept = {
        name: value
        for name, value in without_bundle(inherited).items()
        if not name.startswith("AWS_") and name not in _OUR_OWN_VARIABLES
    }
    return kept | {"TMPDIR": str(folder), "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"}


class Keeper:
    """Keeps one server, and ends when it cannot or need not any more.

    Args:
        orders: what to do.
        ports: returns a port to try.
    """

    def __init__(self, orders: Orders, ports: Callable[[], int] = free_port) -> None:
        self._orders = orders
        self._ports = ports
        self._state = State(Phase.STARTING, 1)
        self._members: list[asyncio.StreamWriter] = []
        # Its own: another keeper of the same GPU may have been started when this one ends.
        owner = os.environ.get(OWNER_VARIABLE)
        self._owner = f"{owner}/{os.getpid()}" if owner else ""
        self._ends = False
        # Whether any worker was told how it is.
        self._heard = asyncio.Event()
        self._unused_since = time.monotonic()
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._suspicion: asyncio.Future[str] | None = None

    async def run(self, listener: socket.socket) -> None:
        """Keep the server until it is given up, the master is gone, or nobody has used it for a while."""
        members = await asyncio.start_server(self._welcome, sock=listener, limit=MOST_BYTES)
        work = asyncio.create_task(self._keep())
        ends = [work, asyncio.create_task(self._master_gone()), asyncio.create_task(self._unused())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Who comes now is not to take this one's word: it is hung up on, and starts another.
            self._ends = True
            members.close()
            for task in ends:
                task.cancel()
            kept, *_others = await asyncio.gather(*ends, return_exceptions=True)
            if isinstance(kept, Exception):
                why = f"its keeper failed: {type(kept).__name__}: {kept}"
                self._tell(State(Phase.FAILED, self._state.generation, why=why))
            # What was told is to be read before the end.
            for member in self._members:
                with suppress(ConnectionError):
                    await member.drain()
            for member in tuple(self._members):
                member.close()
                with suppress(ConnectionError):
                    await member.wait_closed()

    async def _keep(self) -> None:
        await self._live_on_and_on()
        # Whoever had this one started is still to come.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), self._orders.linger_seconds)

    async def _live_on_and_on(self) -> None:
        deaths: deque[float] = deque(maxlen=self._orders.most_deaths)
        why = ""
        for generation in count(1):
            self._tell(State(Phase.STARTING, generation, why=why))
            try:
                await self._live(generation)
            except _Ended as ended:
                why = str(ended)
            self._said.append(f"(keeper) {why}")
            if self._state.phase is not Phase.READY:
                self._tell(State(Phase.FAILED, generation, why=why))
                break
            deaths.append(time.monotonic())
            if len(deaths) == self._orders.most_deaths and deaths[-1] - deaths[0] < self._orders.deaths_seconds:
                why = f"the server ended {len(deaths)} times in {deaths[-1] - deaths[0]:.0f} s, the last time: {why}"
                self._tell(State(Phase.FAILED, generation, why=why))
                break

    async def _live(self, generation: int) -> None:
        """Have a server from its start to its end, on another port where the first is taken.

        Raises:
            _Ended: it has ended.
        """
        for others in range(_OTHER_PORTS, -1, -1):
            port = self._ports()
            try:
                await self._live_on(port, generation)
            except _Ended:
                if self._state.phase is Phase.READY or not others or not is_taken(port):
                    raise
                self._note(f"port {port} was taken meanwhile: another one is tried")

    async def _live_on(self, port: int, generation: int) -> None:
        command = with_port(self._orders.command, port)
        folder = Path(self._orders.folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._suspicion = asyncio.get_running_loop().create_future()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=folder,
                env=server_environment(os.environ, folder) | ({OWNER_VARIABLE: self._owner} if self._owner else {}),
                start_new_session=True,
                # This process has no other thread that runs now, and what it calls was loaded before.
                preexec_fn=die_with_parent,
            )
        except OSError as error:
            raise _Ended(f"the server's command cannot be run: {error}") from error
        said = asyncio.create_task(self._pass_on(process))
        ended = asyncio.create_task(process.wait())
        try:
            await self._start(process, ended, port)
            self._tell(State(Phase.READY, generation, port))
            await self._watch(process, ended, port)
        except _Ended as why:
            # What it said last, which may say why, is in the pipe.
            if process.returncode is not None:
                await asyncio.wait({said}, timeout=1)
            raise _Ended(f"{why}{self._last_words()}") from None
        finally:
            for process_id in (process.pid, *descendants_of(process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(process_id, signal.SIGKILL)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            # What has left its group, and still has the GPU's memory.
            if self._owner:
                kill_owned(self._owner)
            await ended
            said.cancel()

    async def _start(self, process: asyncio.subprocess.Process, ended: asyncio.Task[int], port: int) -> None:
        deadline = time.monotonic() + self._orders.start_seconds
        while not await self._is_healthy(port):
            await asyncio.wait({ended}, timeout=_START_LOOK_SECONDS)
            if ended.done():
                break
            if time.monotonic() > deadline:
                raise _Ended(f"the server was not healthy within {self._orders.start_seconds:g} s")
        if ended.done():
            raise _Ended(f"the server {_ending(process)} before it could be asked")
        self._require_own(process.pid, port)

    def _require_own(self, process_id: int, port: int) -> None:
        """Check that it is the server that answers on a port, for nobody but this machine.

        Raises:
            _Ended: it is not.
        """
        its_own = (process_id, *descendants_of(process_id), *(owned_by(self._owner) if self._owner else ()))
        addresses = listening_on(port, its_own)
        if not addresses:
            raise _Ended(f"what answers on port {port} is not the server")
        others = sorted(str(address) for address in addresses if not address.is_loopback)
        if others:
            raise _Ended(
                f"the server listens on {', '.join(others)}, where other machines reach it: have its command listen "
                f"on {LOOPBACK} alone"
            )

    async def _watch(self, process: asyncio.subprocess.Process, ended: asyncio.Task[int], port: int) -> None:
        misses = 0
        suspicion = self._suspicion or asyncio.get_running_loop().create_future()
        while misses < self._orders.misses:
            await asyncio.wait(
                {ended, suspicion}, timeout=self._orders.health_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if ended.done():
                raise _Ended(f"the server {_ending(process)}")
            if suspicion.done():
                raise _Ended(f"the server is started again: {suspicion.result()}")
            misses = 0 if await self._is_healthy(port) else misses + 1
        raise _Ended(f"the server hangs: it did not say that it is healthy, {misses} times in a row")

    async def _is_healthy(self, port: int) -> bool:
        """Whether the server's path of health answers with status 200."""
        try:
            async with asyncio.timeout(_HEALTH_LIMIT_SECONDS):
                reader, writer = await asyncio.open_connection(LOOPBACK, port)
                try:
                    request = f"GET {self._orders.health} HTTP/1.1\r\nHost: {LOOPBACK}\r\nConnection: close\r\n\r\n"
                    writer.write(request.encode())
                    return (await reader.readline()).split()[1:2] == [b"200"]
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):
            return False

    async def _pass_on(self, process: asyncio.subprocess.Process) -> None:
        output = process.stdout
        if output is None:
            raise AssertionError("it was started with a pipe")
        pending = b""
        while block := await output.read(MOST_BYTES):
            *lines, pending = (pending + block).split(b"\n")
            # A bar of progress is a line without an end.
            if len(pending) > _LINE_CHARACTERS:
                lines, pending = [*lines, pending], b""
            for each in lines:
                self._note(each.decode(errors="replace").rstrip().rpartition("\r")[2][:_LINE_CHARACTERS])
        if pending:
            self._note(pending.decode(errors="replace")[:_LINE_CHARACTERS])

    def _note(self, line: str) -> None:
        self._said.append(line)
        # To one, whose log all go to.
        for member in self._members[:1]:
            _send(member, encode({"log": line}))

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._said if line.strip()][-_SHOWN_LINES:]
        return f". It said last: {' | '.join(lines)}" if lines else ""

    def _tell(self, state: State) -> None:
        self._state = state
        for member in self._members:
            _send(member, encode(state_to_message(state)))
            self._note_told()

    def _note_told(self) -> None:
        """Note that somebody knows the state; who comes after a server was given up is to have another one tried."""
        self._heard.set()
        self._ends = self._ends or self._state.phase is Phase.FAILED

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Have a worker for a member until it closes the connection."""
        if self._ends:
            writer.close()
            return
        for line in () if self._members else tuple(self._said):
            _send(writer, encode({"log": line}))
        self._members.append(writer)
        _send(writer, encode(state_to_message(self._state)))
        self._note_told()
        try:
            while told := await reader.readline():
                generation, _space, why = told.decode(errors="replace").strip().partition(" ")
                suspicion = self._suspicion
                is_of_this = generation == str(self._state.generation) and self._state.phase is Phase.READY
                if is_of_this and suspicion is not None and not suspicion.done():
                    suspicion.set_result(why)
        except (ConnectionError, ValueError):
            pass
        finally:
            self._members.remove(writer)
            self._unused_since = time.monotonic()
            writer.close()

    async def _master_gone(self) -> None:
        """Return when the process that this one must not outlive is gone."""
        try:
            master = os.pidfd_open(self._orders.master)
        except ProcessLookupError:
            return
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(master, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(master)
            os.close(master)

    async def _unused(self) -> None:
        """Return when nobody has used the server for a while."""
        while self._members or (left := self._unused_since + self._orders.linger_seconds - time.monotonic()) > 0:
            await asyncio.sleep(self._orders.linger_seconds if self._members else left)


def _send(member: asyncio.StreamWriter, line: bytes) -> None:
    if not member.is_closing():
        member.write(line)


def _ending(process: asyncio.subprocess.Process) -> str:
    status = process.returncode
    if status is None:
        return "ended"
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def main(arguments: list[str]) -> None:
    """Leave the worker that started this, and keep the server."""
    descriptor, orders = arguments
    if os.fork():
        os._exit(0)
    # Before anybody waits for what was inherited: a worker's log ends when nobody holds its pipe.
    with open(os.devnull, "r+b", buffering=0) as nothing:  # noqa: PTH123
        for stream in range(3):
            os.dup2(nothing.fileno(), stream)
    asyncio.run(Keeper(Orders.from_json(orders)).run(socket.socket(fileno=int(descriptor))))


if __name__ == "__main__":
    main(sys.argv[1:])
