# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a shard's documents took, by their pages: what the time left and the time limits rest on.

Small, and forgets: the older of more than :data:`MEMORY` documents count half, then a quarter, and so on.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

# Documents: enough that some which take ten times as long are counted in their true share, and few enough that a node
# that has become slower is noticed within hours.
MEMORY = 4000
# Size classes: 0 pages, 1, 2-3, 4-7 and so on; the last has no end.
SIZE_CLASSES = 16
# Upper ends of the classes of times over the time limit of the settings; the last class has no end.
SHARE_BOUNDS = tuple(1.25**power for power in range(-40, 1))


@dataclass(frozen=True)
class SizeClass:
    """The documents of one size class.

    Attributes:
        documents: how many; not whole, as older ones count for less.
        pages: their pages.
        seconds: in which each kept a slot, from the end of the one before: waiting and starting included.
        squares: sum of the squares of these seconds.
    """

    documents: float = 0.0
    pages: float = 0.0
    seconds: float = 0.0
    squares: float = 0.0

    def half(self) -> SizeClass:
        """Return it as if there were half as many documents."""
        return SizeClass(self.documents / 2, self.pages / 2, self.seconds / 2, self.squares / 2)

    def plus(self, pages: int, seconds: float) -> SizeClass:
        """Return it with one more document."""
        return SizeClass(
            self.documents + 1, self.pages + pages, self.seconds + seconds, self.squares + seconds * seconds
        )


NO_SIZES = (SizeClass(),) * SIZE_CLASSES
NO_SHARES = (0.0,) * (len(SHARE_BOUNDS) + 1)


@dataclass(frozen=True)
class Timings:
    """What was measured on documents that have their outcome.

    Attributes:
        basis: tells the pipeline, its options and the settings' time limits; under another one it says nothing.
        sizes: by :func:`size_class`.
        shares: documents by their time in a worker over the time limit of the settings, up to each of
            :data:`SHARE_BOUNDS`, then above all.
    """

    basis: str = ""
    sizes: tuple[SizeClass, ...] = NO_SIZES
    shares: tuple[float, ...] = NO_SHARES

    def with_document(self, pages: int, seconds: float) -> Timings:
        """Return the timings with a document that kept its slot so long."""
        sizes = list(self.sizes)
        if sum(each.documents for each in sizes) >= MEMORY:
            sizes = [each.half() for each in sizes]
        sizes[size_class(pages)] = sizes[size_class(pages)].plus(pages, seconds)
        return replace(self, sizes=tuple(sizes))

    def with_share(self, share: float) -> Timings:
        """Return the timings with a document that took such a share of its time limit."""
        shares = list(self.shares)
        if sum(shares) >= MEMORY:
            shares = [each / 2 for each in shares]
        shares[bisect_left(SHARE_BOUNDS, share)] += 1
        return replace(self, shares=tuple(shares))

    def on(self, basis: str) -> Timings:
        """Return what they say under ``basis``: nothing where that is another, or their classes are others."""
        fits = self.basis == basis and len(self.sizes) == len(NO_SIZES) and len(self.shares) == len(NO_SHARES)
        return self if fits else Timings(basis)


def size_class(pages: int) -> int:
    """Return the place among :attr:`Timings.sizes` of a document with so many pages."""
    return min(max(pages, 0).bit_length(), SIZE_CLASSES - 1)
