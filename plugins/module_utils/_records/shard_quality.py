# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text of a shard's documents is worth, in an object that stays small however many there are.

For the report. A new supervisor goes on with it. It names the documents with the lowest scores, whose markers then say
what is true of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .codec import decode, encode
from .quality import QualitySummary

# Documents that each shard names.
MOST_WORST = 25


@dataclass(frozen=True)
class Scored:
    """A document, by its key, and the score that its text had when it was done."""

    key: str = ""
    score: float = 0.0


@dataclass(frozen=True)
class ShardQuality:
    """Of the documents that the shard's supervisors have done at a stage; one that was done again counts again.

    Attributes:
        documents: how many were measured.
        score: the sum of their scores, each 0 to 1.
        pages: how many of their pages come from each source, see :class:`QualitySummary`.
        verdicts: how many of their pages have each verdict.
        worst: those with the lowest scores, the lowest first, :data:`MOST_WORST` at most.
    """

    documents: int = 0
    score: float = 0.0
    pages: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    worst: tuple[Scored, ...] = ()

    @classmethod
    def of(cls, key: str, quality: QualitySummary) -> ShardQuality:
        """Return that of one document."""
        return cls(1, quality.score, quality.pages, quality.verdicts, (Scored(key, quality.score),))

    def __add__(self, later: ShardQuality) -> ShardQuality:
        return ShardQuality(
            self.documents + later.documents,
            self.score + later.score,
            dict(Counter(self.pages) + Counter(later.pages)),
            dict(Counter(self.verdicts) + Counter(later.verdicts)),
            _worst(self.worst, later.worst),
        )

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(vars(self) | {"worst": [vars(document) for document in self.worst]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> ShardQuality:
        """Return what the object found at ``where`` has.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "the quality of a shard", where)


def _worst(earlier: Iterable[Scored], later: Iterable[Scored]) -> tuple[Scored, ...]:
    newest = {document.key: document for documents in (earlier, later) for document in documents}
    return tuple(sorted(newest.values(), key=lambda document: (document.score, document.key))[:MOST_WORST])
