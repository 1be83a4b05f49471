# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a supervisor works now, and how long what is left will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..._records.document import Document
from ..._records.outlook import Outlook
from ..._records.timings import SIZE_CLASSES, Timings, size_class
from ..._status.forecast import Left, forecast

# The last minutes of the rate; longer where so few documents ended in them that one more or less would change it.
_MINUTES = 10 * 60.0
_RATE_DOCUMENTS = 32


@dataclass
class _Slot:
    """What a slot does.

    Attributes:
        free_since: when its document before ended; ``None`` before the first, which has the models loaded.
        document: in work.
        share: of it that the slot has.
        began: when it did.
    """

    free_since: float | None = None
    document: Document | None = None
    share: float = 1.0
    began: float = 0.0


@dataclass(frozen=True)
class _Ended:
    """A document or a range that has ended.

    Attributes:
        at: when it did.
        pages: that count for the rate.
        uri: of the document, for a range.
    """

    at: float
    pages: int = 0
    uri: str = ""


class Pace:
    """Measures the documents that end, and knows those that are left.

    Args:
        slots: their names.
        pending: documents without an outcome.
        timings: of earlier supervisors, under the same settings.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        slots: Iterable[str],
        pending: Iterable[Document],
        timings: Timings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.timings = timings or Timings()
        self._clock = clock
        self._slots = {name: _Slot() for name in slots}
        self._documents = [0] * SIZE_CLASSES
        self._pages = [0] * SIZE_CLASSES
        for document in pending:
            self.expect(document)
        # Of documents that have kept a slot and have no outcome yet; unknown where the models were loaded for them.
        self._kept: dict[str, float | None] = {}
        # Of documents without an outcome that are divided: pages of the ranges that have one.
        self._recognised: dict[str, int] = {}
        # When documents or ranges ended, and the pages that count; the first is where the rate's minutes begin.
        self._ended = deque([_Ended(clock())])

    def expect(self, document: Document) -> None:
        """Note that a document is left."""
        self._documents[size_class(document.pages)] += 1
        self._pages[size_class(document.pages)] += document.pages

    @property
    def recognised(self) -> int:
        """Pages that are recognised of documents without an outcome."""
        return sum(self._recognised.values())

    def begin(self, name: str, document: Document, share: float = 1.0) -> None:
        """Note that a slot begins a document, or that share of one."""
        slot = self._slots[name]
        slot.document, slot.share, slot.began = document, share, self._clock()

    def end(self, name: str) -> None:
        """Note that a slot works on nothing any more."""
        slot, now = self._slots.get(name), self._clock()
        if slot is None or slot.document is None:
            return
        before = self._kept.get(slot.document.uri, 0.0)
        if before is None or slot.free_since is None:
            self._kept[slot.document.uri] = None
        else:
            self._kept[slot.document.uri] = before + now - slot.free_since
        slot.document, slot.free_since = None, now

    def drain(self, name: str) -> None:
        """Note that a slot works no more."""
        self._slots.pop(name, None)

    def recognise(self, document: Document, pages: int) -> None:
        """Note that so many pages of a document are recognised that has no outcome yet."""
        before = self._recognised.get(document.uri, 0)
        # Its manifest may know of fewer.
        pages = min(pages, document.pages - before)
        self._pages[size_class(document.pages)] -= pages
        self._recognised[document.uri] = before + pages
        self._ended.append(_Ended(self._clock(), pages, document.uri))

    def settle(self, document: Document, *, counts: bool) -> None:
        """Note that a document has its outcome, and whether its pages count for the rate."""
        place = size_class(document.pages)
        recognised = self._recognised.pop(document.uri, 0)
        self._documents[place] -= 1
        self._pages[place] -= document.pages - recognised
        seconds = self._kept.pop(document.uri, None)
        if seconds is not None:
            self.timings = self.timings.with_document(document.pages, seconds)
        if recognised and not counts:
            # Only those that are among the last minutes' still: a rate below 0 is none.
            self._ended = deque(_Ended(each.at) if each.uri == document.uri else each for each in self._ended)
        self._ended.append(_Ended(self._clock(), document.pages - recognised if counts else 0))

    def add_share(self, share: float) -> None:
        """Note which share of the settings' time limit a document took in its worker."""
        self.timings = self.timings.with_share(share)

    def outlook(self) -> Outlook:
        """Return what is expected now."""
        now = self._clock()
        rate = self._rate(now)
        left = [Left(documents, pages) for documents, pages in zip(self._documents, self._pages, strict=True)]
        found = forecast(self.timings, left)
        if found is None or not self._slots:
            return Outlook(rate)
        done, longest = self._in_work(now)
        # The last documents are not shared out: other slots wait for the one that has the longest.
        seconds, least, most = (
            max((each - done) / len(self._slots), longest * each / max(found.expected, 1e-6))
            for each in (found.expected, *found.range())
        )
        return Outlook(rate, seconds, least, most)

    def _rate(self, now: float) -> float:
        while len(self._ended) > _RATE_DOCUMENTS + 1 and now - self._ended[1].at > _MINUTES:
            self._ended.popleft()
        first, *recent = self._ended
        return sum(each.pages for each in recent) / max(now - first.at, 1e-3)

    def _in_work(self, now: float) -> tuple[float, float]:
        """Return the seconds that what is in work has had, as far as they were expected, and the most one has left."""
        had = longest = 0.0
        for slot in self._slots.values():
            if slot.document is not None:
                left = [Left()] * SIZE_CLASSES
                left[size_class(slot.document.pages)] = Left(1, slot.document.pages)
                found = forecast(self.timings, left)
                expected = found.expected * slot.share if found else 0.0
                had += min(now - slot.began, expected)
                longest = max(longest, expected - (now - slot.began))
        return had, longest
