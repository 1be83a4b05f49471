# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared and exclusive access to one machine: documents beside each other, or one of them alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ExclusiveAccess:
    """Lets documents be processed together, but for those that need the machine to themselves."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._holders = 0
        self._is_exclusive = False
        self._waiting_for_exclusive = 0

    @asynccontextmanager
    async def hold(self, *, exclusive: bool) -> AsyncIterator[None]:
        """Process a document inside.

        Exclusive access waits for those inside, and nobody enters meanwhile.
        """
        async with self._changed:
            self._waiting_for_exclusive += exclusive
            try:
                await self._changed.wait_for(lambda: self._may_enter(exclusive=exclusive))
            finally:
                self._waiting_for_exclusive -= exclusive
            self._holders += 1
            self._is_exclusive = exclusive
        try:
            yield
        finally:
            self._holders -= 1
            self._is_exclusive = False
            async with self._changed:
                self._changed.notify_all()

    def _may_enter(self, *, exclusive: bool) -> bool:
        if exclusive:
            return self._holders == 0
        return not self._is_exclusive and self._waiting_for_exclusive == 0
