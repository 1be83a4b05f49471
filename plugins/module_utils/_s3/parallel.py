# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading many small objects at once, without a list of what all of them say."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

# Requests at once; the pool of the client must be as large.
READERS = 32
# Handed to the readers at once: a list of all would take more memory than the documents themselves.
_BATCH = 1000

ItemT = TypeVar("ItemT")
ReadT = TypeVar("ReadT")


def read_each(
    read: Callable[[ItemT], ReadT], items: Iterable[ItemT], readers: int = READERS, ahead: int = _BATCH
) -> Generator[tuple[ItemT, ReadT], None, None]:
    """Yield each item with what ``read`` returns for it, in order.

    Args:
        read: called in a thread.
        items: read as they are needed.
        readers: items read at once.
        ahead: the most items that are kept until their turn comes.

    Raises:
        Exception: what ``read`` raises, where the item's turn comes.
    """
    remaining = iter(items)
    with ThreadPoolExecutor(readers) as threads:
        while batch := list(islice(remaining, ahead)):
            yield from zip(batch, threads.map(read, batch), strict=True)
