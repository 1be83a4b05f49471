# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker's link to the keeper of its GPU's server, which the first worker of a GPU starts."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from ...._children.child import library_environment
from ...._children.owner import OWNER_VARIABLE
from ...._errors import FarmError
from . import keeper
from .messages import MOST_BYTES, Orders, Phase, State, state_from_message

# A keeper that ends hangs up on who has just come; the first look is for one that was there before.
_TRIES = 3
# On a machine that is busy, or from a cold disk, imports take a minute.
_KEEPER_SECONDS = 120.0
# To be healthy once more and to prove it takes no longer than the first time; the rest is the keeper's own.
_GRACE_SECONDS = 15.0


class Link:
    """A connection to the keeper, open as long as the worker lives: that is how the keeper knows that it does.

    Args:
        folder: of all servers of a shard.
        gpu: the server's.
        orders: for a keeper that has to be started.
        say: takes each line that the server says.
    """

    def __init__(self, folder: Path, gpu: str, orders: Orders, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._name = f"server_{quote(gpu, safe='')}"
        self._queue = folder / f"{self._name}.queue"
        self._turns = folder / f"{self._name}.turns"
        self._orders = orders
        self._say = say
        self._changed = threading.Condition()
        self._state: State | None = None
        self._socket = self._connect()
        threading.Thread(target=self._listen, name="server's keeper", daemon=True).start()

    def wait_until_ready(self) -> State:
        """Return the state of a server that can be asked.

        Raises:
            FarmError: it was given up, or was not ready in its time; the message says why.
        """
        with self._changed:
            limit = self._orders.start_seconds + _GRACE_SECONDS
            if not self._changed.wait_for(self._is_settled, timeout=limit):
                raise FarmError(f"The server was not ready within {limit:g} s, and its keeper does not say why.")
            state = self._state
        if state is None or state.phase is Phase.FAILED:
            raise FarmError(f"The server cannot be had: {state.why if state else 'its keeper is gone'}.")
        return state

    def is_current(self, generation: int) -> bool:
        """Whether that server can still be asked, as far as is known."""
        state = self._state
        return state is not None and state.phase is Phase.READY and state.generation == generation

    def suspect(self, generation: int, why: str) -> None:
        """Have a server started again, unless that was done already, and wait for what follows it from now on."""
        with suppress(OSError):
            self._socket.sendall(f"{generation} {' '.join(why.split())}\n".encode())
        with self._changed:
            if self.is_current(generation):
                self._state = State(Phase.STARTING, generation, why=why)

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[None]:
        """Wait for leave to ask the server, and keep it for a context.

        The kernel takes it from a worker that is ended.

        Args:
            alone: wait until no other worker of the GPU has leave, and let none have it meanwhile.
        """
        with ExitStack() as turn:
            # Who waits here to be alone is not passed by others for ever.
            with _locked(self._queue):
                turn.enter_context(_locked(self._turns, fcntl.LOCK_EX if alone else fcntl.LOCK_SH))
            yield

    def is_awaited(self) -> bool:
        """Whether another worker waits for leave."""
        try:
            with _locked(self._queue, fcntl.LOCK_SH | fcntl.LOCK_NB):
                return False
        except BlockingIOError:
            return True

    def close(self) -> None:
        """Say that this worker does not use the server any more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _is_settled(self) -> bool:
        return self._state is not None and self._state.phase is not Phase.STARTING

    def _listen(self) -> None:
        with self._socket.makefile("rb") as lines, suppress(OSError, ValueError):
            while line := lines.readline(MOST_BYTES):
                message = json.loads(line)
                state = state_from_message(message)
                if state is None:
                    self._say(message["log"])
                    continue
                if state.why:
                    self._say(f"(keeper) {state.phase}: {state.why}")
                with self._changed:
                    self._state = state
                    self._changed.notify_all()
        with self._changed:
            if self._state is None or self._state.phase is not Phase.FAILED:
                generation = self._state.generation if self._state else 0
                self._state = State(Phase.FAILED, generation, why="its keeper is gone")
            self._changed.notify_all()

    def _connect(self) -> socket.socket:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._folder / f"{self._name}.lock"), _short(self._folder) as folder:
            address = f"{folder}/{self._name}.sock"
            for _try in range(_TRIES):
                connection = _connected(address)
                if connection is not None:
                    return connection
                with suppress(FileNotFoundError):
                    Path(address).unlink()
                self._start(address)
        raise FarmError(f"The keeper of the server of {self._name} cannot be reached in {self._folder}.")

    def _start(self, address: str) -> None:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen()
            environment = library_environment()
            owner = environment.get(OWNER_VARIABLE)
            if owner:
                # Of the shard, and of no slot: what ends with a worker must not end it.
                environment[OWNER_VARIABLE] = f"{owner.partition('/')[0]}/{self._name}"
            subprocess.run(
                [sys.executable, "-m", keeper.__name__, str(listener.fileno()), self._orders.to_json()],
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=self._folder,
                pass_fds=[listener.fileno()],
                start_new_session=True,
                check=True,
            )


def _connected(address: str) -> socket.socket | None:
    """Return a connection on which something was said; ``None`` where nobody listens, or one that ends."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_KEEPER_SECONDS)
    try:
        connection.connect(address)
        lives = bool(connection.recv(1, socket.MSG_PEEK))
    except (ConnectionError, FileNotFoundError, TimeoutError):
        lives = False
    if not lives:
        connection.close()
        return None
    connection.settimeout(None)
    return connection


@contextmanager
def _locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Let one process at a time inside, or with ``LOCK_SH`` all that ask for that.

    Raises:
        BlockingIOError: with ``LOCK_NB``, where it would have to wait.
    """
    with path.open("ab") as file:
        fcntl.flock(file, kind)
        yield


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """Return a short path of a folder: that of a socket has 107 bytes at most."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
