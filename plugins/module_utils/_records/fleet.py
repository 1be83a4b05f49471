# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the nodes of a fleet are told in S3, as no controller configures them, and what each says of itself there.

No secret is in either: a node finds its token by the name of the secret.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from .codec import decode, encode
from .stage import Stage


@dataclass(frozen=True)
class FleetStage:
    """How supervisors work at a stage.

    Attributes:
        options: of the module shard_run, but for the supervisor's number and its node's name; the queue by its URL.
    """

    stage: Stage
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def queue(self) -> str:
        """The URL of the queue whose pieces are worked on."""
        return str(self.options.get("queue", ""))


@dataclass(frozen=True)
class FleetSettings:
    """What a node of the fleet needs to know to begin.

    Attributes:
        region: of all that the farm has.
        first_number: the smallest number of a supervisor; smaller ones are the inventory's nodes'.
        gpus: that a node of the farm has. Where slots are all of these, a node of another type has one for each of its.
        stages: in the order in which documents go through them.
        trial_manifests: prefix of the cut whose documents a node tries its pipelines on, before it works.
        secret: the name of the secret that has the token for models; empty for none. ``token`` is the file it goes to.
        lifetime: when a node ends itself, as the role ``node_lifetime`` tells its timer, but for the node's name.
    """

    region: str = ""
    first_number: int = 1
    gpus: int = 0
    stages: tuple[FleetStage, ...] = ()
    trial_manifests: str = ""
    secret: str = ""
    token: str = ""
    lifetime: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self), indent=1)

    @classmethod
    def from_json(cls, body: bytes, where: str) -> FleetSettings:
        """Return the settings whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "the settings of a fleet's nodes", where)


class NodeState(StrEnum):
    """What a node of the fleet does."""

    CHECKING = "checking"
    """Tries whether it can work."""
    FIT = "fit"
    """It can, and was launched to show that alone."""
    WAITING = "waiting"
    """Looks into queues that have nothing for it."""
    WORKING = "working"
    """Its supervisor has a number, and takes pieces."""
    LEAVING = "leaving"
    """It is taken away, and begins nothing."""
    UNFIT = "unfit"
    """It cannot work, and says why; nothing but another image, other settings or another machine helps."""


@dataclass(frozen=True)
class FleetNode:
    """What a node of the fleet does.

    Attributes:
        node: the instance's id.
        stage: of its supervisor; empty where it has none.
        number: its supervisor's; 0 where it has none.
        message: why, for people.
    """

    node: str = ""
    state: NodeState = NodeState.CHECKING
    stage: str = ""
    number: int = 0
    message: str = ""

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> FleetNode:
        """Return the node whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "what a node of the fleet says", where)
