# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who works on a shard: the object that keeps two machines from working on the same one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from .codec import decode, encode


@dataclass(frozen=True)
class Owner:
    """Who has a shard, and whether it was given back.

    Attributes:
        token: tells this owner from every other.
        node: its name, for people.
    """

    token: str = ""
    node: str = ""
    released: bool = False

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Owner:
        """Return the owner whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a shard's lease", where)
