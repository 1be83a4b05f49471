# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the keeper of a server and the workers that use it tell each other: JSON objects, one a line, over a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

# Longer than any line: what a server says is cut.
MOST_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a keeper is to do.

    Attributes:
        command: starts the server, but for its port (see :func:`with_port`).
        health: path that answers with status 200 once it can be asked.
        start_seconds: how long it may take until then.
        folder: where it runs, and has its temporary files.
        master: the process that it must not outlive.
        health_seconds: between two looks.
        misses: looks in a row without an answer that make a server one that hangs.
        most_deaths: deaths in :attr:`deaths_seconds` after which it is given up.
        deaths_seconds: see there.
        linger_seconds: how long it goes on when no worker uses it.
    """

    command: tuple[str, ...]
    health: str
    start_seconds: float
    folder: str
    master: int
    health_seconds: float = 5.0
    misses: int = 4
    most_deaths: int = 5
    deaths_seconds: float = 3600.0
    linger_seconds: float = 60.0

    def to_json(self) -> str:
        """Return them as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Orders:
        """Return what :meth:`to_json` wrote."""
        fields = json.loads(line)
        return cls(**fields | {"command": tuple(fields["command"])})


class Phase(StrEnum):
    """What a server does."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    """It was given up; the keeper ends."""


@dataclass(frozen=True)
class State:
    """What a keeper says of its server.

    Attributes:
        phase: what it does.
        generation: how many there were, with this one.
        port: where it listens.
        why: why it was given up, or why the one before ended; for people.
    """

    phase: Phase
    generation: int
    port: int = 0
    why: str = ""


def state_to_message(state: State) -> dict[str, Any]:
    """Return the message by which a keeper tells the state."""
    return {"state": asdict(state)}


def state_from_message(message: Mapping[str, Any]) -> State | None:
    """Return the state that :func:`state_to_message` described; ``None`` where the message is another."""
    if "state" not in message:
        return None
    fields = message["state"]
    return State(**fields | {"phase": Phase(fields["phase"])})


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message's line."""
    return json.dumps(message).encode() + b"\n"
