# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor's count of its shard, from which its progress is made."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence

from ..._records.document import Document, DocumentState, key_of
from ..._records.effort import Effort
from ..._records.failure_classes import WINDOW, FailureClass
from ..._records.history import NO_DURATIONS, duration_class
from ..._records.progress import Progress
from ..._records.quality import QualitySummary
from ..._records.shard_quality import ShardQuality
from ..._records.timings import Timings
from ..config import RunConfig
from .pace import Pace

NO_EFFORT = Effort()


class Account:
    """Counts documents and pages; ``done + failed + forwarded + pending`` is always the number of documents.

    Args:
        config: the shard and how it is processed.
        documents: all of the shard.
        states: how those ended that earlier supervisors finished, by key.
        before: the effort of earlier supervisors.
        timings: what they measured.
        clock: seconds that only grow, for the rate: the wall clock may jump.

    Attributes:
        read_before: a document that an earlier supervisor has done, so that S3 has served it; ``None`` for none.
        pace: how fast it goes.
    """

    def __init__(
        self,
        config: RunConfig,
        documents: Sequence[Document],
        states: Mapping[str, DocumentState],
        before: Effort = NO_EFFORT,
        timings: Timings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._config = config
        self._effort_before = before
        self._documents = len(documents)
        self._pages = sum(document.pages for document in documents)
        done = [document for document in documents if states.get(key_of(document.uri)) is DocumentState.DONE]
        self._done = len(done)
        self._pages_done = self._pages_done_before = sum(document.pages for document in done)
        failed = [document for document in documents if states.get(key_of(document.uri)) is DocumentState.FAILED]
        self._failed = len(failed)
        self.read_before = done[0].uri if done else None
        self._pages_failed = sum(document.pages for document in failed)
        forwarded = [document for document in documents if states.get(key_of(document.uri)) is DocumentState.FORWARDED]
        self._forwarded = len(forwarded)
        self._pages_forwarded = self._pages_forwarded_before = sum(document.pages for document in forwarded)
        self._queued_pages = self._lent = self._helped = self._pages_helped = self._pages_helped_done = 0
        self._helping: tuple[int, ...] = ()
        self._failures: Counter[str] = Counter()
        self._durations = list(NO_DURATIONS)
        self._quality = ShardQuality()
        self._slots = dict.fromkeys(config.worker_slots, "")
        self._drained: dict[str, str] = {}
        self._crowded: deque[bool] = deque(maxlen=WINDOW)
        pending = [document for document in documents if key_of(document.uri) not in states]
        self.pace = Pace(config.worker_slots, pending, timings or Timings(config.timings_basis), clock)
        self._started_at = time.time()
        self._began = self._clock()

    @property
    def pending(self) -> int:
        """Documents that this stage has not ended."""
        return self._documents - self._done - self._failed - self._forwarded

    @property
    def durations(self) -> tuple[int, ...]:
        """Documents that this supervisor has done or handed on, by how long they took; see :class:`History`."""
        return tuple(self._durations)

    @property
    def quality(self) -> ShardQuality:
        """What the text is worth of the documents that this supervisor has done."""
        return self._quality

    @property
    def pages_per_second(self) -> float:
        """Pages done, handed on or recognised by this supervisor since it started, for other shards too."""
        own = self._pages_done - self._pages_done_before + self._pages_forwarded - self._pages_forwarded_before
        return (own + self._pages_helped + self.pace.recognised) / max(self._clock() - self._began, 1e-3)

    def note_trade(self, queued_pages: int, lent: int, helping: tuple[int, ...]) -> None:
        """Note what may be lent, what is, and of which shards this supervisor has borrowed."""
        self._queued_pages, self._lent, self._helping = queued_pages, lent, helping

    def add_lent(self, documents: Sequence[Document], states: Mapping[str, DocumentState]) -> None:
        """Count those of the documents that another shard's node has ended, whose effort it was."""
        for document in documents:
            state = states.get(key_of(document.uri))
            if state is DocumentState.DONE:
                self._done += 1
                self._pages_done += document.pages
                self._pages_done_before += document.pages
            elif state is DocumentState.FORWARDED:
                self._forwarded += 1
                self._pages_forwarded += document.pages
                self._pages_forwarded_before += document.pages
            elif state is DocumentState.FAILED:
                self._failed += 1
                self._pages_failed += document.pages
            else:
                continue
            self.pace.settle(document, counts=False)

    def add_helped(
        self, document: Document, seconds: float, state: DocumentState, quality: QualitySummary | None = None
    ) -> None:
        """Count a document of another shard that this supervisor has ended; see :meth:`add_done`."""
        if quality is not None:
            self._quality += ShardQuality.of(key_of(document.uri), quality)
        self.pace.expect(document)
        self.pace.settle(document, counts=state is not DocumentState.FAILED)
        self._helped += 1
        if state is not DocumentState.FAILED:
            self._durations[duration_class(seconds)] += 1
            self._pages_helped += document.pages
        if state is DocumentState.DONE:
            self._pages_helped_done += document.pages

    def begin(self, slot: str, document: Document, share: float = 1.0) -> None:
        """Note what a slot works on, and on which share of it."""
        self._slots[slot] = document.uri
        self.pace.begin(slot, document, share)

    def end(self, slot: str) -> None:
        """Note that a slot works on nothing."""
        self._slots[slot] = ""
        self.pace.end(slot)

    def note_memory(self, *, crowded: bool) -> None:
        """Note whether a document that a slot had ran out of its GPU's memory beside others."""
        self._crowded.append(crowded)

    def drain_slot(self, slot: str, reason: str) -> None:
        """Note that a slot works no more."""
        self._drained[slot] = reason
        self.pace.drain(slot)

    def add_done(self, document: Document, seconds: float, quality: QualitySummary | None = None) -> None:
        """Count a document whose marker says done, and that took so long in its worker.

        Args:
            document: which.
            seconds: in its worker.
            quality: of its text; ``None`` where that was not measured.
        """
        if quality is not None:
            self._quality += ShardQuality.of(key_of(document.uri), quality)
        self._durations[duration_class(seconds)] += 1
        self._done += 1
        self._pages_done += document.pages
        self.pace.settle(document, counts=True)

    def add_forwarded(self, document: Document, seconds: float) -> None:
        """Count a document that was handed on to the next stage, and that took so long in its worker."""
        self._durations[duration_class(seconds)] += 1
        self._forwarded += 1
        self._pages_forwarded += document.pages
        self.pace.settle(document, counts=True)

    def add_failed(self, document: Document, failure_class: FailureClass) -> None:
        """Count a document whose marker says failed."""
        self._failed += 1
        self._pages_failed += document.pages
        self._failures[failure_class.value] += 1
        self.pace.settle(document, counts=False)

    def progress(self, state: str, message: str = "", failure_class: FailureClass | None = None) -> Progress:
        """Return the account as it stands; the class is of what broke the run."""
        now = time.time()
        return Progress(
            shard=self._config.shard,
            node=self._config.node,
            state=state,
            started_at=self._started_at,
            updated_at=now,
            documents=self._documents,
            pages=self._pages,
            done=self._done,
            pages_done=self._pages_done,
            failed=self._failed,
            pages_failed=self._pages_failed,
            forwarded=self._forwarded,
            pages_forwarded=self._pages_forwarded,
            pending=self.pending,
            queued_pages=self._queued_pages,
            lent=self._lent,
            helping=self._helping,
            helped=self._helped,
            pages_helped=self._pages_helped,
            pages_per_second=self.pages_per_second,
            pipeline=self._config.pipeline,
            failures=dict(self._failures),
            slots=dict(self._slots),
            drained=dict(self._drained),
            crowded=sum(self._crowded),
            message=message,
            failure_class=failure_class.value if failure_class else None,
            effort=self._effort_before
            + Effort(self._clock() - self._began, self._pages_done - self._pages_done_before + self._pages_helped_done),
            outlook=self.pace.outlook(),
        )
