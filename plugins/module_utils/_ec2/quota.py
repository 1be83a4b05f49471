# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vCPU quotas: which one counts for an instance type, and whether it covers a request.

Codes from the Service Quotas console, service Amazon EC2, "Running On-Demand ... instances" and
"All ... Spot Instance Requests".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FAMILY = re.compile(r"[a-z]+")
_STANDARD = ("a", "c", "d", "h", "i", "m", "r", "t", "z")


@dataclass(frozen=True)
class Quota:
    """A quota of EC2, in vCPUs.

    Attributes:
        families: leading letters of the instance types it counts.
        spot: whether it counts spot instances; it counts all others where not.
    """

    code: str
    name: str
    families: tuple[str, ...]
    spot: bool

    def counts(self, instance_type: str, *, spot: bool) -> bool:
        """Return whether an instance of that type is under this quota."""
        found = _FAMILY.match(instance_type)
        return spot == self.spot and found is not None and found[0] in self.families


_QUOTAS = (
    Quota("L-DB2E81BA", "Running On-Demand G and VT instances", ("g", "gr", "vt"), spot=False),
    Quota("L-3819A6DF", "All G and VT Spot Instance Requests", ("g", "gr", "vt"), spot=True),
    Quota("L-417A185B", "Running On-Demand P instances", ("p",), spot=False),
    Quota("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests", ("p",), spot=True),
    Quota("L-1216C47A", "Running On-Demand Standard instances", _STANDARD, spot=False),
    Quota("L-34B43A08", "All Standard Spot Instance Requests", _STANDARD, spot=True),
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
