# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared and exclusive access to one machine and its GPUs: documents beside each other, or one of them alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum


class Alone(IntEnum):
    """What a document has to itself; true where it has anything."""

    NO = 0
    ON_GPU = 1
    ON_MACHINE = 2


class ExclusiveAccess:
    """Lets documents be processed together, but for those that need their GPU or the machine to themselves."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        # By GPU.
        self._holders: Counter[str] = Counter()
        self._exclusive: dict[str, Alone] = {}
        self._waiting: Counter[tuple[Alone, str]] = Counter()

    @asynccontextmanager
    async def hold(self, gpu: str, alone: Alone) -> AsyncIterator[None]:
        """Process a document inside.

        Exclusive access waits for those inside, and nobody enters meanwhile: on that GPU, or at all.
        """
        waiting = (alone, gpu)
        async with self._changed:
            self._waiting[waiting] += 1
            try:
                await self._changed.wait_for(lambda: self._may_enter(gpu, alone))
            finally:
                self._waiting[waiting] -= 1
                # Who waits no more, as when a stop has ended it, keeps nobody out.
                self._changed.notify_all()
            self._holders[gpu] += 1
            if alone:
                self._exclusive[gpu] = alone
        try:
            yield
        finally:
            self._holders[gpu] -= 1
            self._exclusive.pop(gpu, None)
            async with self._changed:
                self._changed.notify_all()

    def _may_enter(self, gpu: str, alone: Alone) -> bool:
        if alone is Alone.ON_MACHINE:
            return not self._holders.total()
        if Alone.ON_MACHINE in self._exclusive.values() or self._is_waited_for(Alone.ON_MACHINE):
            return False
        if alone is Alone.ON_GPU:
            return not self._holders[gpu]
        return gpu not in self._exclusive and not self._waiting[Alone.ON_GPU, gpu]

    def _is_waited_for(self, alone: Alone) -> bool:
        return any(count for (wanted, _gpu), count in self._waiting.items() if wanted is alone)
