# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a program of the machine for its answer, without waiting for ever."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from .._errors import FarmError

_DEATH_SECONDS = 2.0


@dataclass(frozen=True)
class Answer:
    """What a program said, and its exit status."""

    status: int
    output: str
    errors: str


async def ask(*command: str, seconds: float) -> Answer:
    """Run the program and return its answer.

    Raises:
        FarmError: it cannot be run, or does not end in time; then it is killed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise FarmError(f"{command[0]} cannot be run: {error}.") from error
    try:
        async with asyncio.timeout(seconds):
            output, errors = await process.communicate()
    except TimeoutError:
        raise FarmError(f"{command[0]} does not answer within {seconds:.0f} s.") from None
    finally:
        if process.returncode is None:
            await _kill(process)
    status = process.returncode
    return Answer(-1 if status is None else status, output.decode(errors="replace"), errors.decode(errors="replace"))


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    # One that hangs in a driver does not die of that either.
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _DEATH_SECONDS)
