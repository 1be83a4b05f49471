# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stream of which something can be put back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Unread(Generic[ItemT]):
    """Yields the items of a stream; what is put back comes again, before the others."""

    def __init__(self, items: Iterator[ItemT]) -> None:
        self._items = items
        self._back: deque[ItemT] = deque()

    def __iter__(self) -> Iterator[ItemT]:
        return self

    def __next__(self) -> ItemT:
        return self._back.popleft() if self._back else next(self._items)

    def take(self, number: int) -> list[ItemT]:
        """Return so many, or all that are left."""
        return list(islice(self, number))

    def put_back(self, items: Iterable[ItemT]) -> None:
        """Have these, in their order, come next."""
        self._back.extendleft(reversed(list(items)))

    def are_over(self) -> bool:
        """Whether there is none left."""
        following = self.take(1)
        self.put_back(following)
        return not following
