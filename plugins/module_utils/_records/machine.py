# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a node is doing, as its supervisor saw it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class GpuSample:
    """One GPU; ``None`` where the driver does not say.

    Attributes:
        index: as nvidia-smi numbers it.
        utilization: share of the time in which it worked, in percent.
        memory_used: MiB; likewise ``memory_total``.
        temperature: degrees Celsius.
    """

    index: int
    utilization: float | None
    memory_used: float | None
    memory_total: float | None
    temperature: float | None


@dataclass(frozen=True)
class MachineSample:
    """A node at one time.

    Attributes:
        sampled_at: seconds since the epoch.
        gpus: none on a machine without them, and where the driver does not answer.
        disk_bytes: size of the file system of the work directory.
        disk_free_bytes: what an unprivileged user may still write there.
    """

    sampled_at: float
    gpus: tuple[GpuSample, ...]
    disk_bytes: int
    disk_free_bytes: int

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> MachineSample:
        """Return the sample that ``dataclasses.asdict`` took apart.

        Raises:
            TypeError: it is none.
        """
        return cls(**{**fields, "gpus": tuple(GpuSample(**gpu) for gpu in fields.get("gpus", ()))})
