# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking S3 from time to time whether there is a reason to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..._errors import FarmError

_LOG = logging.getLogger(__name__)


async def first_reason(look: Callable[[], str | None], seconds: float) -> str:
    """Return what ``look`` returns once that is not ``None``; it is called at once and then after each pause.

    Where it cannot be told, because S3 is out of reach, there is no reason yet.
    """
    # A thread of its own: asyncio's threads are waited for, and a stop must not wait for S3.
    thread = ThreadPoolExecutor(1, thread_name_prefix="poll")
    try:
        while True:
            try:
                reason = await asyncio.get_running_loop().run_in_executor(thread, look)
            except FarmError as error:
                _LOG.warning("%s", error)
            else:
                if reason is not None:
                    return reason
            await asyncio.sleep(seconds)
    finally:
        thread.shutdown(wait=False)
