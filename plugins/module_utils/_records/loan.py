# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of a shard that another shard's idle node does: asked for, lent and returned in one object for each two."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from .codec import decode, encode


class LoanState(StrEnum):
    """How far a loan is, and who writes what follows."""

    ASKED = "asked"
    """The helper waits for the lender's answer."""
    REFUSED = "refused"
    """The lender has nothing to lend, or works by other options."""
    LENT = "lent"
    """The documents are the helper's while it renews the loan's lease, and nobody else begins them."""
    RETURNED = "returned"
    """What has no marker is the lender's again."""


@dataclass(frozen=True)
class LentDocument:
    """A document of the piece, and the attempt at it.

    Attributes:
        uri: see :class:`Document`, as ``pages`` and ``bytes``.
        number: of the attempt; ``last``: of the last one that it may have.
    """

    uri: str
    pages: int
    bytes: int | None
    number: int
    last: int


@dataclass(frozen=True)
class Loan:
    """A helper's request to a shard, and what became of it.

    Attributes:
        name: tells it from the other loans between the same two.
        node: the helper's, for people.
        terms: a digest of the options by which documents are processed: those of both are the same.
        seconds: the work asked for, by the lender's own speed.
        documents: what was lent, longest first.
    """

    name: str = ""
    state: LoanState = LoanState.RETURNED
    node: str = ""
    terms: str = ""
    seconds: float = 0.0
    documents: tuple[LentDocument, ...] = ()

    def to_json(self) -> bytes:
        """Return the object's body."""
        return encode(asdict(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Loan:
        """Return the loan whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a loan of documents", where)
