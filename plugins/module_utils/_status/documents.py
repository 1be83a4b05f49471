# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every document that the shards list and what became of it, in about 30 bytes each."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b

from .._records.document import Document, DocumentState, key_of

# Two of a million keys share 8 bytes of digest with a probability of 3e-8. They would be counted as one
# document that is listed twice, so that the account does not balance.
_DIGEST_BYTES = 8
_SHARD_BITS = 32
_PAGES_BITS = 64
_PENDING = 0
_STATES = (None, DocumentState.DONE, DocumentState.FAILED)


class DocumentTable:
    """The listed documents, found by their key, and the state of each.

    A million keys as text would take hundreds of megabytes: only their digests are kept, sorted. The
    keys of failed documents are kept whole, as their markers have to be read.

    Attributes:
        listed_twice: listed documents whose key an earlier one has; they are not counted again.
    """

    def __init__(self, listed: Iterable[tuple[int, Document]]) -> None:
        """Take each document with the number of the shard that lists it; all are pending at first."""
        # As one number each, because a million tuples would take ten times the table's memory to sort.
        packed = sorted(_pack(shard, document) for shard, document in listed)
        self._digests = array("Q")
        self._shards = array("I")
        self._pages = array("Q")
        for number in packed:
            digest = number >> (_SHARD_BITS + _PAGES_BITS)
            if self._digests and self._digests[-1] == digest:
                continue
            self._digests.append(digest)
            self._shards.append(number >> _PAGES_BITS & (1 << _SHARD_BITS) - 1)
            self._pages.append(number & (1 << _PAGES_BITS) - 1)
        self.listed_twice = len(packed) - len(self._digests)
        self._states = bytearray(len(self._digests))
        self._marked_at = array("d", bytes(8 * len(self._digests)))
        self._has_markdown = bytearray(len(self._digests))
        self._failed: dict[int, str] = {}
        self._unlisted: set[int] = set()

    @property
    def pending(self) -> int:
        """Documents without a marker."""
        return self._states.count(_PENDING)

    @property
    def unlisted(self) -> int:
        """Documents with a marker that no shard lists."""
        return len(self._unlisted)

    @property
    def missing_markdown(self) -> int:
        """Documents that are done and for which no Markdown was added."""
        done = _STATES.index(DocumentState.DONE)
        return sum(state == done and not found for state, found in zip(self._states, self._has_markdown, strict=True))

    def __len__(self) -> int:
        """Documents, each once."""
        return len(self._digests)

    def position(self, key: str) -> int | None:
        """Return the place of the document with this key among all, ``None`` where no shard lists it."""
        return self._find(_digest(key))

    def state(self, key: str) -> DocumentState | None:
        """Return how the document with this key ended, ``None`` where it is pending or no shard lists it."""
        position = self.position(key)
        return None if position is None else _STATES[self._states[position]]

    def shard(self, key: str) -> int:
        """Return the shard that lists the document with this key.

        Raises:
            KeyError: none does.
        """
        position = self.position(key)
        if position is None:
            raise KeyError(key)
        return self._shards[position]

    def mark(self, key: str, state: DocumentState, marked_at: datetime) -> None:
        """Take a marker of the document with this key; of two the later counts, and of two as old ``done``."""
        digest = _digest(key)
        position = self._find(digest)
        if position is None:
            self._unlisted.add(digest)
            return
        seconds = marked_at.timestamp()
        before = _STATES[self._states[position]]
        if before is not None and (self._marked_at[position], before is DocumentState.DONE) > (
            seconds,
            state is DocumentState.DONE,
        ):
            return
        self._states[position] = _STATES.index(state)
        self._marked_at[position] = seconds
        if state is DocumentState.FAILED:
            self._failed[position] = key
        else:
            self._failed.pop(position, None)

    def add_markdown(self, key: str) -> None:
        """Take note that there is Markdown of the document with this key."""
        position = self.position(key)
        if position is not None:
            self._has_markdown[position] = True

    def failed(self) -> Mapping[str, int]:
        """Return the shard of each failed document, by key."""
        return {key: self._shards[position] for position, key in self._failed.items()}

    def rows(self) -> Iterator[tuple[int, int, DocumentState | None]]:
        """Yield the shard, the pages and the state of each document; ``None`` for a pending one."""
        for shard, pages, state in zip(self._shards, self._pages, self._states, strict=True):
            yield shard, pages, _STATES[state]

    def _find(self, digest: int) -> int | None:
        position = bisect_left(self._digests, digest)
        return position if position < len(self._digests) and self._digests[position] == digest else None


def _pack(shard: int, document: Document) -> int:
    return (_digest(key_of(document.uri)) << _SHARD_BITS | shard) << _PAGES_BITS | document.pages


def _digest(key: str) -> int:
    # Manifests are read so that bytes which are no UTF-8 come as surrogates.
    encoded = key.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=_DIGEST_BYTES).digest())
