# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shard's supervisor works on, in case it vanishes: the machine may go with it, and a document be the reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field

from .codec import decode, encode


@dataclass(frozen=True)
class InWork:
    """The documents of one shard that a supervisor works on, and those it was with when supervisors vanished.

    Attributes:
        open: whether a supervisor works, or has vanished; one that ends in order closes it.
        documents: uris of those in work.
        interruptions: how often each document was in work when a supervisor vanished, by uri; only of documents
            without an outcome.
    """

    open: bool = False
    documents: tuple[str, ...] = ()
    interruptions: dict[str, int] = field(default_factory=dict)

    @property
    def interrupted(self) -> dict[str, int]:
        """How often each document was interrupted, should the supervisor that wrote this work no more."""
        counts = Counter(self.interruptions)
        if self.open:
            counts.update(self.documents)
        return dict(counts)

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> InWork:
        """Return the record whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "what a supervisor works on", where)
