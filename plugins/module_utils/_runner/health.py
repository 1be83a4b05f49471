# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a slot's GPU may get another document: what nvidia-smi and the kernel's log say of it.

Whether it computes is what a worker checks when it starts (pipelines/gpu_canary.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.gpus import (
    Gpu,
    is_installed,
    of_slot,
    read_gpus,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.pipelines.registry import GpuNeed, gpu_need
from ansible_collections.glossapi.farm.plugins.module_utils._runner.programs import Answer, ask
from ansible_collections.glossapi.farm.plugins.module_utils._runner.xids import (
    FATAL,
    RESTART,
    PciAddress,
    Xid,
    parse_xids,
)

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 5.0
_JOURNAL_SECONDS = 30.0
# The kernel's messages of this boot, without time and host.
_JOURNAL = ("journalctl", "--dmesg", "--output=cat", "--no-pager")


@dataclass(frozen=True)
class Look:
    """What was seen at one time.

    Attributes:
        gpus: those there are.
        error: why they could not be seen; an empty string where they could.
        xids: of this boot.
    """

    gpus: tuple[Gpu, ...]
    error: str
    xids: tuple[Xid, ...]


def drain_reason(slot: str, look: Look, need: GpuNeed) -> str | None:
    """Return why a slot may not go on, ``None`` where it may."""
    if look.error:
        return look.error if need is GpuNeed.ALWAYS else None
    gpus = of_slot(slot, look.gpus)
    if need is GpuNeed.ALWAYS and (not gpus or None in gpus):
        there = ", ".join(str(gpu.index) for gpu in look.gpus) or "none"
        return f"nvidia-smi lists no GPU {slot!r}, but {there}"
    addresses = {gpu.address for gpu in gpus if gpu is not None}
    for xid in look.xids:
        if xid.number in FATAL and xid.address in addresses:
            return f"GPU {slot} had a fatal error since the machine booted: {xid}. Reboot the machine."
    return None


def count_restarts(look: Look) -> Counter[PciAddress]:
    """Return how many errors after which a program must start again each GPU had, by its address."""
    return Counter(xid.address for xid in look.xids if xid.number in RESTART)


class GpuHealth:
    """Looks at the GPUs when it is asked, and not too often.

    Args:
        need: whether a slot without a GPU is in order.
    """

    def __init__(self, need: GpuNeed) -> None:
        self._need = need
        self._looking = asyncio.Lock()
        self._look: Look | None = None
        self._look_began_at = float("-inf")
        self._restarts_seen: dict[str, int] = {}

    async def check_slot(self, slot: str) -> str | None:
        """Return why the slot must be drained, ``None`` where it may go on."""
        return drain_reason(slot, await self._look_now(), self._need)

    async def restart_reason(self, slot: str) -> str | None:
        """Return why the slot's worker must start again: an error of its GPU since this was asked last.

        Goes by what :meth:`check_slot` saw last.
        """
        look = self._look or await self._look_now()
        restarts = count_restarts(look)
        count = sum(restarts[gpu.address] for gpu in of_slot(slot, look.gpus) if gpu is not None)
        before = self._restarts_seen.get(slot)
        self._restarts_seen[slot] = count
        if before is None or count <= before:
            return None
        return f"GPU {slot} had an error that its program does not survive"

    async def _look_now(self) -> Look:
        """Return what is seen now; slots that ask at the same time share a look."""
        asked_at = time.monotonic()
        async with self._looking:
            if self._look is None or self._look_began_at < asked_at:
                self._look_began_at = time.monotonic()
                self._look = await look()
            return self._look


def gpu_health(config: RunConfig) -> GpuHealth | None:
    """Return what watches the slots' GPUs; ``None`` where the pipeline needs none, or the machine has none."""
    need = gpu_need(config.pipeline, config.pipeline_options)
    return None if need is GpuNeed.NEVER or not is_installed() else GpuHealth(need)


async def look() -> Look:
    """Look at the GPUs and the kernel's log now; nvidia-smi is asked again where it fails once."""
    xids = tuple(parse_xids(await kernel_log()))
    try:
        return Look(tuple(await read_gpus()), "", xids)
    except FarmError as error:
        _LOG.warning("asking again: %s", error)
    await asyncio.sleep(_RETRY_SECONDS)
    try:
        return Look(tuple(await read_gpus()), "", xids)
    except FarmError as error:
        return Look((), str(error), xids)


async def kernel_log() -> list[str]:
    """Return the kernel's messages since the machine booted; none where they cannot be read."""
    try:
        answer = await ask(*_JOURNAL, seconds=_JOURNAL_SECONDS)
    except FarmError as error:
        answer = Answer(1, "", str(error))
    # A machine that has booted has messages; without the right to see them there is this line or none.
    lines = [line for line in answer.output.splitlines() if line != "-- No entries --"]
    if not lines:
        _warn_once(answer.errors.strip())
    return lines


@cache
def _warn_once(reason: str) -> None:
    _LOG.warning(
        "The kernel's log cannot be read, so errors of GPUs are not seen in it: let the service's user be in the "
        "group systemd-journal. %s",
        reason,
    )
