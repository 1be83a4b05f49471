# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shards filled one after the other, where nodes are to take one after the other from a queue."""

from __future__ import annotations


class Filling:
    """Say which shard gets the next document, where documents come by falling page count.

    A document that would have a shard take longer than it may begins the next one; one that is longer by itself is
    alone. So the first shards have few long documents, the last ones many short ones, and nodes that take them in this
    order end at nearly the same time.

    Args:
        piece_pages: most pages of a shard with more than one document. A document of 0 (unknown) pages counts as 1, or
            one shard would get them all.
    """

    def __init__(self, piece_pages: int) -> None:
        self._most = piece_pages
        self._shard = self._load = 0

    def begin(self) -> None:
        """Have what comes next begin a shard."""
        if self._load:
            self._shard += 1
            self._load = 0

    def take(self, pages: int, documents: int) -> list[int]:
        """Return the shards, from 0, that the next documents go to.

        Args:
            pages: of each of them.
            documents: how many.
        """
        counted = max(1, pages)
        shards = []
        for _ in range(documents):
            if self._load + counted > self._most:
                self.begin()
            self._load += counted
            shards.append(self._shard)
        return shards
