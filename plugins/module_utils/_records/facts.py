# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of millions of documents, taken in any order and looked up in the order of their keys.

A dictionary of ten million keys would take gigabytes. Here they are sorted runs on the disk, read side by side with
the page-count table, which is in the same order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from operator import itemgetter

from .._files import disk_errors
from .._sorting import Lines, Sorter

# Several kinds of facts are collected side by side.
_BYTES_IN_MEMORY = 24 << 20
_BATCH = 1000
# The runs of all kinds of facts that one account takes.
_COPIES = 4


class Facts:
    """Facts about documents, each of so many bytes; of several on one document the greatest counts.

    Args:
        size: bytes of each fact, 1 or more.
        facts: encoded key and fact of each.
        bytes_in_memory: above which they go to the disk.

    Raises:
        FarmError: there is no room for them on this machine.
    """

    def __init__(
        self, size: int, facts: Iterable[tuple[bytes, bytes]] = (), bytes_in_memory: int = _BYTES_IN_MEMORY
    ) -> None:
        self._size = size
        self._sorter = Sorter(itemgetter(slice(None, -size)), _facts_disk_errors, bytes_in_memory)
        self.add(facts)

    @property
    def count(self) -> int:
        """How many there are."""
        return self._sorter.count

    def add(self, facts: Iterable[tuple[bytes, bytes]]) -> None:
        """Take more; from any thread.

        Raises:
            FarmError: there is no room for them on this machine.
        """
        lines = map(b"".join, facts)
        while batch := list(islice(lines, _BATCH)):
            self._sorter.add(batch)

    def add_to_each(self, keys: Iterable[bytes], fact: bytes) -> None:
        """Take the same fact on several documents, few enough for memory; from any thread.

        Raises:
            FarmError: there is no room for them on this machine.
        """
        self._sorter.add([key + fact for key in keys])

    def read(self) -> FactReader:
        """Return what looks them up, from the first key on; as often as it is asked for."""
        return FactReader(self._sorter.sorted(), self._size)


class FactReader:
    """Looks facts up by growing keys; see :class:`Facts`.

    Attributes:
        repeated: facts so far that stand beside another one on the same document.
    """

    def __init__(self, lines: Iterator[Lines], size: int) -> None:
        self._lines = lines
        self._size = size
        self._key = itemgetter(slice(None, -size))
        self._ahead: Lines = []
        self.repeated = 0

    def up_to(self, last: bytes) -> Mapping[bytes, bytes]:
        """Return the facts on documents from where the call before ended up to the key ``last``, itself included."""
        taken: Lines = []
        while not self._ahead or self._key(self._ahead[-1]) <= last:
            taken += self._ahead
            self._ahead = next(self._lines, [])
            if not self._ahead:
                return self._by_key(taken)
        end = bisect_right(self._ahead, last, key=self._key)
        taken += self._ahead[:end]
        self._ahead = self._ahead[end:]
        return self._by_key(taken)

    def rest(self) -> Iterator[Mapping[bytes, bytes]]:
        """Yield the facts that are left, some at a time."""
        while lines := self._ahead or next(self._lines, []):
            self._ahead = []
            yield self._by_key(lines)

    def _by_key(self, lines: Lines) -> Mapping[bytes, bytes]:
        size = self._size
        facts = {line[:-size]: line[-size:] for line in lines}
        if len(facts) < len(lines):
            self.repeated += len(lines) - len(facts)
            for line in lines:
                key = line[:-size]
                facts[key] = max(facts[key], line[-size:])
        return facts


def _facts_disk_errors(so_far: int) -> AbstractContextManager[None]:
    return disk_errors(
        "what is known of the documents", f"{_COPIES} times what it has so far, {so_far / 1e9:.1f} GB, and the table"
    )
