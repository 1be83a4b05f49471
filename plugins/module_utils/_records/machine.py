# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a node is doing, as its supervisor saw it last."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GpuSample:
    """One GPU; ``None`` where the driver does not say.

    Attributes:
        index: as nvidia-smi numbers it.
        utilization: share of the time in which it worked, in percent.
        memory_used: MiB; likewise ``memory_total``.
        temperature: degrees Celsius.
    """

    index: int = 0
    utilization: float | None = None
    memory_used: float | None = None
    memory_total: float | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class MachineSample:
    """A node at one time.

    Attributes:
        sampled_at: seconds since the epoch.
        gpus: none on a machine without them, and where the driver does not answer.
        disk_bytes: size of the file system of the work directory.
        disk_free_bytes: what an unprivileged user may still write there.
    """

    sampled_at: float = 0.0
    gpus: tuple[GpuSample, ...] = ()
    disk_bytes: int = 0
    disk_free_bytes: int = 0
