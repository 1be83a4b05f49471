# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading many small objects at once, without a list of what all of them say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

# Requests at once; the pool of the client must be as large.
READERS = 32
# Handed to the readers at once: a list of all would take more memory than the documents themselves.
_BATCH = 1000

ItemT = TypeVar("ItemT")
ReadT = TypeVar("ReadT")


def read_each(read: Callable[[ItemT], ReadT], items: Iterable[ItemT]) -> Iterator[tuple[ItemT, ReadT]]:
    """Yield each item with what ``read`` returns for it, in order; :data:`READERS` are read at once.

    Raises:
        Exception: what ``read`` raises, where the item's turn comes.
    """
    remaining = iter(items)
    with ThreadPoolExecutor(READERS) as readers:
        while batch := list(islice(remaining, _BATCH)):
            yield from zip(batch, readers.map(read, batch), strict=True)
