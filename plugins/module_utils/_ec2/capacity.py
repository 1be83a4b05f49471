# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's answers that there is no room, which are told at once."""

from __future__ import annotations

from typing import Any

# Another zone may do where one answers so.
NO_ROOM = frozenset(
    {
        "InsufficientInstanceCapacity",
        "InsufficientFreeAddressesInSubnet",
        "Unsupported",
        "SpotMaxPriceTooLow",
        "ReservationCapacityExceeded",
    }
)
_LAUNCHING = ("RunInstances", "StartInstances")


def tell_no_room_at_once(ec2: Any) -> None:
    """Have a client of EC2 not repeat a launch for which there is no room.

    EC2 answers so with HTTP 500, which botocore takes for a fault of the moment and repeats for a minute or more in
    each zone.
    """
    for operation in _LAUNCHING:
        # Before botocore's own.
        ec2.meta.events.register_first(f"needs-retry.ec2.{operation}", _refuse)


def _refuse(response: Any, operation: Any, **_event: object) -> None:
    """Raise what EC2 says where there is no room.

    Raises:
        botocore.exceptions.ClientError: there is none.
    """
    from botocore.exceptions import ClientError

    if response is None:
        return
    _http, parsed = response
    if parsed.get("Error", {}).get("Code") in NO_ROOM:
        raise ClientError(parsed, operation.name)
