# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vCPU quotas: which one counts for an instance type, and whether it covers a request.

Codes from the Service Quotas console, service Amazon EC2, "Running On-Demand ... instances" and
"All ... Spot Instance Requests".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Leading letters and generation, as in g5, p5en, u-6tb1.
_FAMILY = re.compile(r"(?P<letters>[a-z]+)(?P<generation>\d*)")
# im and is are storage types of the family I.
_STANDARD = ("a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z")
_G_AND_VT = ("g", "gr", "vt")


@dataclass(frozen=True)
class Quota:
    """A quota of EC2, in vCPUs.

    Attributes:
        families: leading letters of the instance types it counts.
        spot: whether it counts spot instances; it counts all others where not.
        generations: of these families; all where empty.
    """

    code: str
    name: str
    families: tuple[str, ...]
    spot: bool
    generations: tuple[str, ...] = ()

    def counts(self, instance_type: str, *, spot: bool) -> bool:
        """Return whether an instance of that type is under this quota."""
        found = _FAMILY.match(instance_type)
        return (
            spot == self.spot
            and found is not None
            and found["letters"] in self.families
            and (not self.generations or found["generation"] in self.generations)
        )


# Checked 2026-11-27 in public lists of Service Quotas. Which one counts spot instances of P6 they do not agree on.
_QUOTAS = (
    Quota("L-DB2E81BA", "Running On-Demand G and VT instances", _G_AND_VT, spot=False),
    Quota("L-3819A6DF", "All G and VT Spot Instance Requests", _G_AND_VT, spot=True),
    Quota("L-417A185B", "Running On-Demand P instances", ("p",), spot=False),
    Quota("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests", ("p",), spot=True, generations=("2", "3", "4")),
    Quota("L-C4BD4855", "All P5 Spot Instance Requests", ("p",), spot=True, generations=("5",)),
    Quota("L-1216C47A", "Running On-Demand Standard instances", _STANDARD, spot=False),
    Quota("L-34B43A08", "All Standard Spot Instance Requests", _STANDARD, spot=True),
    Quota("L-74FC7D96", "Running On-Demand F instances", ("f",), spot=False),
    Quota("L-88CF9481", "All F Spot Instance Requests", ("f",), spot=True),
    Quota("L-7295265B", "Running On-Demand X instances", ("x",), spot=False),
    Quota("L-E3A00192", "All X Spot Instance Requests", ("x",), spot=True),
    Quota("L-1945791B", "Running On-Demand Inf instances", ("inf",), spot=False),
    Quota("L-B5D1601B", "All Inf Spot Instance Requests", ("inf",), spot=True),
    Quota("L-2C3B7624", "Running On-Demand Trn instances", ("trn",), spot=False),
    Quota("L-6B0D517C", "All Trn Spot Instance Requests", ("trn",), spot=True),
    Quota("L-6E869C2A", "Running On-Demand DL instances", ("dl",), spot=False),
    Quota("L-85EED4F7", "All DL Spot Instance Requests", ("dl",), spot=True),
    Quota("L-F7808C92", "Running On-Demand HPC instances", ("hpc",), spot=False),
    Quota("L-43DA4232", "Running On-Demand High Memory instances", ("u",), spot=False),
)


@dataclass(frozen=True)
class Request:
    """A request for vCPUs, held against a quota.

    Attributes:
        limit: vCPUs the quota allows.
        used: vCPUs that instances under the quota run now, the farm's own included.
        needed: vCPUs to launch or start on top.
    """

    quota: Quota
    limit: int
    used: int
    needed: int

    @property
    def free(self) -> int:
        """VCPUs that may still be launched."""
        return max(0, self.limit - self.used)

    @property
    def covered(self) -> bool:
        """Whether the quota allows the request."""
        return self.needed <= self.free

    def message(self) -> str:
        """Return the numbers, and what to ask for where they do not suffice."""
        numbers = (
            f"{self.quota.name} ({self.quota.code}): {self.limit} vCPUs allowed, {self.used} in use, "
            f"{self.free} free, {self.needed} needed."
        )
        if self.covered:
            return numbers
        return (
            f"{numbers} Ask for a quota of {self.used + self.needed} or more in Service Quotas (Amazon EC2, "
            f"{self.quota.code}), or lower farm_shards or farm_instance_type."
        )


def quota_of(instance_type: str, *, spot: bool) -> Quota | None:
    """Return the quota that counts an instance type; ``None`` where it is none of these."""
    return next((quota for quota in _QUOTAS if quota.counts(instance_type, spot=spot)), None)


@dataclass(frozen=True)
class Standing:
    """How nodes that are to be launched or started stand against the quotas of all that they may become.

    Attributes:
        launches: how many nodes.
        requests: for all of them, by instance type and market in their order of preference; ``None`` in the place of
            one whose quota is not known here.
    """

    launches: int
    requests: Sequence[tuple[str, Request | None]]

    @property
    def unknown(self) -> list[str]:
        """The instance types whose quota is not known here."""
        return list(dict.fromkeys(name for name, request in self.requests if request is None))

    @property
    def short(self) -> list[str]:
        """A sentence for each quota that does not allow all of the nodes."""
        return [f"{name}: {request.message()}" for name, request in self.requests if request and not request.covered]

    @property
    def enough(self) -> bool:
        """Whether the quotas together allow the nodes, as far as is known. Types of one quota share it."""
        room: dict[str, int] = {}
        for _name, request in self.requests:
            if request is None or request.covered:
                return True
            nodes = request.free * self.launches // request.needed
            room[request.quota.code] = max(nodes, room.get(request.quota.code, 0))
        return sum(room.values()) >= self.launches
