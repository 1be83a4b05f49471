# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The launch template: all that is the same for every node."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import FarmError
from .nodes import METADATA_OPTIONS
from .plan import ROOT_VOLUME_TYPE

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html: before encoding.
MAX_USER_DATA_BYTES = 16 * 1024
# What makes a launch one of a spot instance. One of a request that is made once cannot be stopped.
SPOT: Mapping[str, Any] = {
    "InstanceMarketOptions": {"MarketType": "spot"},
    "InstanceInitiatedShutdownBehavior": "terminate",
}


@dataclass(frozen=True)
class Template:
    """What a node is launched with.

    Attributes:
        root_device: the image's name of its root volume, as in ``/dev/xvda``.
        security_groups: their ids.
        instance_profile: the name of the IAM instance profile.
        user_data: run once at the first boot; no secret may be in it, as any process can read it.
        key_name: an EC2 key pair; empty for none.
        shutdown: what becomes of a node that shuts itself down, ``stop`` or ``terminate``.
        reservation: the id of a capacity reservation that is launched into; empty for none.
    """

    image_id: str
    root_device: str
    root_gib: int
    instance_type: str
    instance_profile: str
    security_groups: tuple[str, ...]
    user_data: str
    key_name: str = ""
    spot: bool = False
    shutdown: str = "stop"
    reservation: str = ""

    def data(self) -> dict[str, Any]:
        """Return EC2's ``LaunchTemplateData``.

        Raises:
            FarmError: the user data is larger than EC2 takes.
        """
        encoded = self.user_data.encode()
        if len(encoded) > MAX_USER_DATA_BYTES:
            raise FarmError(
                f"The user data has {len(encoded)} bytes and EC2 takes {MAX_USER_DATA_BYTES}: keep it a stub that "
                "fetches a script from S3."
            )
        data: dict[str, Any] = {
            "ImageId": self.image_id,
            "InstanceType": self.instance_type,
            "IamInstanceProfile": {"Name": self.instance_profile},
            "SecurityGroupIds": list(self.security_groups),
            "UserData": base64.b64encode(encoded).decode(),
            "BlockDeviceMappings": [
                {
                    "DeviceName": self.root_device,
                    "Ebs": {
                        "VolumeSize": self.root_gib,
                        "VolumeType": ROOT_VOLUME_TYPE,
                        "Encrypted": True,
                        "DeleteOnTermination": True,
                    },
                }
            ],
            "MetadataOptions": dict(METADATA_OPTIONS),
            "InstanceInitiatedShutdownBehavior": self.shutdown,
        }
        if self.key_name:
            data["KeyName"] = self.key_name
        if self.spot:
            data |= SPOT
        if self.reservation:
            data["CapacityReservationSpecification"] = {
                "CapacityReservationTarget": {"CapacityReservationId": self.reservation}
            }
        return data


def same_template(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    """Return whether a version of the launch template already says what is wanted.

    AWS adds defaults within what it was given, so that only what is wanted is compared there; a
    setting that was not asked for at all is a difference, such as a user data or a key pair added by hand.
    """
    added = {name for name, value in actual.items() if value and name not in wanted}
    return not added and covers(actual, wanted)


def covers(actual: Any, wanted: Any) -> bool:
    """Return whether what AWS tells has all that is wanted, whatever it has beside."""
    if isinstance(wanted, Mapping):
        return isinstance(actual, Mapping) and all(covers(actual.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(wanted)
            and all(covers(have, want) for have, want in zip(actual, wanted, strict=True))
        )
    return bool(actual == wanted)
