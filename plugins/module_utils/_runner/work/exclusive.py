# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents beside each other on one machine, or one of them alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Company:
    """Lets documents be processed together, except for those that are to be alone."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._present = 0
        self._alone = False
        self._wishes = 0

    @asynccontextmanager
    async def join(self, *, alone: bool) -> AsyncIterator[None]:
        """Process a document inside.

        Whoever wants to be alone waits for those inside, and nobody enters meanwhile.
        """
        async with self._changed:
            self._wishes += alone
            try:
                await self._changed.wait_for(lambda: self._may_enter(alone=alone))
            finally:
                self._wishes -= alone
            self._present += 1
            self._alone = alone
        try:
            yield
        finally:
            self._present -= 1
            self._alone = False
            async with self._changed:
                self._changed.notify_all()

    def _may_enter(self, *, alone: bool) -> bool:
        if alone:
            return self._present == 0
        return not self._alone and self._wishes == 0
