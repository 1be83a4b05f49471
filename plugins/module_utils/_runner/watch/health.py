# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a slot's GPU may get another document: what nvidia-smi and the kernel's log say of it.

Whether it computes is what a worker checks when it starts (``_pipelines/glossapi/device.py``).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..._children.programs import Answer, ask
from ..._errors import FarmError
from ..._pipelines.kind import GpuNeed
from ..._pipelines.registry import kind_of
from ..._records.slots import gpu_of
from ..config import RunConfig
from .gpus import Gpu, is_installed, named, names_of, read_gpus
from .xids import FATAL, RESTART, PciAddress, Xid, parse_xids

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 5.0
_JOURNAL_SECONDS = 30.0
# The kernel's messages of this boot, without time and host.
_JOURNAL = ("journalctl", "--dmesg", "--output=cat", "--no-pager")


@dataclass(frozen=True)
class Look:
    """What was seen at one time.

    Attributes:
        gpus: those that answered, now or before: a GPU stays where it is.
        errors: by its name, why a GPU does not answer now.
        xids: of this boot.
    """

    gpus: tuple[Gpu, ...]
    errors: Mapping[str, str]
    xids: tuple[Xid, ...]


def drain_reason(slot: str, look: Look, need: GpuNeed) -> str | None:
    """Return why a slot may not go on, ``None`` where it may."""
    names = names_of(slot)
    gpus = [named(name, look.gpus) for name in names]
    addresses = {gpu.address for gpu in gpus if gpu is not None}
    for xid in look.xids:
        if xid.number in FATAL and xid.address in addresses:
            return f"GPU {gpu_of(slot)} had a fatal error since the machine booted: {xid}. Reboot the machine."
    if need is not GpuNeed.ALWAYS:
        return None
    for name in names:
        if name in look.errors:
            return f"GPU {name} does not answer: {look.errors[name]}"
    if not gpus or None in gpus:
        there = ", ".join(str(gpu.index) for gpu in look.gpus) or "none"
        return f"nvidia-smi lists no GPU {gpu_of(slot)!r}, but {there}"
    return None


def count_restarts(look: Look) -> Counter[PciAddress]:
    """Return how many errors after which a program must start again each GPU had, by its address."""
    return Counter(xid.address for xid in look.xids if xid.number in RESTART)


class GpuHealth:
    """Looks at the GPUs when it is asked.

    Args:
        need: whether a slot without a GPU is in order.
        gpus: what workers are given as ``CUDA_VISIBLE_DEVICES``.
    """

    def __init__(self, need: GpuNeed, gpus: Sequence[str]) -> None:
        self._need = need
        self._names = [name for gpu in gpus for name in names_of(gpu)]
        self._looking = asyncio.Lock()
        self._look: Look | None = None
        self._look_began_at = float("-inf")
        self._known: dict[int, Gpu] = {}
        self._restarts_seen: dict[str, int] = {}

    async def check_slot(self, slot: str) -> str | None:
        """Return why the slot and all others on its GPU must be drained, ``None`` where they may go on."""
        reason = drain_reason(slot, await self._look_now(), self._need)
        if reason is not None:
            # It is not asked for any more, so that its trouble costs the others no time.
            self._names = [name for name in self._names if name not in names_of(slot)]
        return reason

    async def restart_reason(self, slot: str) -> str | None:
        """Return why the slot's worker must start again: an error of its GPU since this was asked last.

        Goes by what :meth:`check_slot` saw last.
        """
        look = self._look or await self._look_now()
        restarts = count_restarts(look)
        gpus = [named(name, look.gpus) for name in names_of(slot)]
        count = sum(restarts[gpu.address] for gpu in gpus if gpu is not None)
        before = self._restarts_seen.get(slot)
        self._restarts_seen[slot] = count
        if before is None or count <= before:
            return None
        return f"GPU {gpu_of(slot)} had an error that its program does not survive"

    async def _look_now(self) -> Look:
        """Return what is seen now; slots that ask at the same time share a look."""
        asked_at = time.monotonic()
        async with self._looking:
            if self._look is None or self._look_began_at < asked_at:
                self._look_began_at = time.monotonic()
                self._look = await self._look_at_machine()
            return self._look

    async def _look_at_machine(self) -> Look:
        listing = await read_gpus(self._names)
        if listing.errors:
            _LOG.warning("asking the GPUs again: %s", "; ".join(listing.errors.values()))
            await asyncio.sleep(_RETRY_SECONDS)
            listing = await read_gpus(self._names)
        self._known |= {gpu.index: gpu for gpu in listing.gpus}
        return Look(tuple(self._known.values()), listing.errors, tuple(parse_xids(await kernel_log())))


def gpu_health(config: RunConfig) -> GpuHealth | None:
    """Return what watches the slots' GPUs; ``None`` where the pipeline needs none, or the machine has none."""
    need = kind_of(config.pipeline).gpu_need(config.pipeline_options)
    return None if need is GpuNeed.NEVER or not is_installed() else GpuHealth(need, config.slots)


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
