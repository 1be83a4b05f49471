# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``server``: pages are rendered by PDFium and read by the inference server of the worker's GPU."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...._errors import FarmError
from ...._records.failure_classes import FailureClass
from ...canary.documents import SCAN
from ...clock import DocumentClock
from ...failures import DocumentFailure, GpuFault
from ...page_image import render_png, scale_within
from ...pdf_input import open_document
from ..trial import require_reading
from .answers import Answer, cleaned, problem_of
from .chat import ChatClient, PageFailed, PageLate, PageRefused, ServerGone
from .markdown import to_markdown
from .messages import State
from .permits import Permits
from .preset import Preset

if TYPE_CHECKING:
    import pypdfium2

_LOG = logging.getLogger(__name__)
MOST_SIDE = 20_000
# Servers that a page may lose before it is suspected, and asked alone.
_MOST_LOST = 2


class Server(Protocol):
    """What a backend asks of the server's keeper; see :class:`Link`."""

    def wait_until_ready(self) -> State:
        """Return the state of a server that can be asked."""

    def is_current(self, generation: int) -> bool:
        """Whether that server can still be asked."""

    def suspect(self, generation: int, why: str) -> None:
        """Have it started again."""

    def turn(self, *, alone: bool) -> AbstractContextManager[None]:
        """Wait for leave to ask, with ``alone`` until no other worker of the GPU asks, and keep it for a context."""

    def is_awaited(self) -> bool:
        """Whether another worker waits for this one's turn to end."""


_Unanswered = ServerGone | PageLate | PageFailed


@dataclass
class _Round:
    """What became of the pages that were put to one server.

    Attributes:
        texts: by page; ``None`` for one that was given up.
        unanswered: why, for those whose fault it may not be.
        answered_at: when the server was last seen to be well, by the monotonic clock.
    """

    texts: dict[int, str | None] = field(default_factory=dict)
    unanswered: dict[int, _Unanswered] = field(default_factory=dict)
    answered_at: float = field(default_factory=time.monotonic)


class ServerBackend:
    """Has pages in flight, as many as there is leave for, of one document after the other.

    Args:
        preset: what is asked.
        server: whom.
        client: how.
        permits: one for each page in flight; so many pictures are in memory, and one more.
        name: of the backend, for people.
        folder: the worker's own.
        clock: of the document in work.
    """

    def __init__(
        self,
        preset: Preset,
        server: Server,
        client: ChatClient,
        permits: Permits,
        *,
        name: str,
        folder: Path,
        clock: DocumentClock,
    ) -> None:
        # Imported now: a worker without it must not blame its first document for that.
        import PIL.Image  # noqa: F401
        import pypdfium2

        self._error = pypdfium2.PdfiumError
        self._preset = preset
        self._server = server
        self._client = client
        self._permits = permits
        self._name = name
        self._folder = folder
        self._clock = clock
        self._threads = ThreadPoolExecutor(permits.most, thread_name_prefix="page")
        self._proven: int | None = None
        self._scan = pypdfium2.PdfDocument(SCAN)

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002 - none
        """Return the text of each page but those that were given up; see the protocol.

        A server that ends or fails meanwhile is no page's fault: pages that it had are put to the next one. Only a page
        that was alone on its server, which answered just before, is to blame.

        Raises:
            DocumentFailure: the document cannot be opened, or a page cannot be rendered.
            GpuFault: there is no server any more, or it does not read any more.
        """
        source = open_document(document)
        texts: dict[int, str | None] = {}
        lost: Counter[int] = Counter()
        left: Sequence[int] = pages
        try:
            while left:
                with self._clock.paused():
                    state = self._ready()
                # One of them may be what ends each server: that one is found alone.
                suspects = [number for number in left if lost[number] >= _MOST_LOST]
                alone = bool(suspects)
                with self._turn(alone=alone):
                    # It may have ended before the turn came.
                    if not (self._answers(state) if alone else self._server.is_current(state.generation)):
                        continue
                    done = self._put(source, suspects[:1] or left, state)
                    if done.unanswered:
                        self._judge(done, state, lost, alone=alone)
                texts |= done.texts
                left = [number for number in left if number not in texts]
        finally:
            source.close()
        return {number: text for number in pages if (text := texts[number]) is not None}

    @contextmanager
    def _turn(self, *, alone: bool) -> Iterator[None]:
        with ExitStack() as turn:
            with self._clock.paused():
                turn.enter_context(self._server.turn(alone=alone))
            yield

    def _ready(self) -> State:
        """Return a server that reads.

        Raises:
            GpuFault: there is none, or it does not.
        """
        try:
            state = self._server.wait_until_ready()
            if self._proven is None:
                # Whoever makes this backend tries it before its first document.
                self._proven = state.generation
            while state.generation != self._proven:
                self._proven = state.generation
                require_reading(self, f"{self._name}, started again,", self._folder)
                # It may have ended meanwhile, and the next one have been proven.
                state = self._server.wait_until_ready()
        except FarmError as error:
            self._proven = -1
            raise GpuFault(str(error)) from error
        return state

    def _put(self, source: pypdfium2.PdfDocument, pages: Iterable[int], state: State) -> _Round:
        """Put pages to one server, as long as that answers."""
        done = _Round()
        waiting: dict[Future[str | None], int] = {}
        try:
            for number in pages:
                if waiting and self._server.is_awaited():
                    break
                image = self._render(source, number)
                permit = self._permits.acquire() if waiting else self._first_permit(done)
                with ExitStack() as on_error:
                    on_error.callback(self._permits.release, permit)
                    self._collect(waiting, done, seconds=0)
                    if done.unanswered:
                        break
                    read = self._threads.submit(self._read_noting, done, number, image, state)
                    # As soon as there is an answer, or nobody waits for one any more.
                    read.add_done_callback(partial(_close, on_error.pop_all()))
                waiting[read] = number
                del image
            while waiting:
                self._collect(waiting, done)
        finally:
            # A page that cannot be rendered, or a stop: the others' answers are of no use, but whoever is alone on the
            # server next has to be.
            for future in waiting:
                future.cancel()
            wait(waiting)
        return done

    def _first_permit(self, done: _Round) -> int:
        # That others have all of them is not this document's doing, nor does it say anything of the server.
        with self._clock.paused():
            permit = self._permits.acquire()
        done.answered_at = time.monotonic()
        return permit

    def _read_noting(self, done: _Round, number: int, image: bytes, state: State) -> str | None:
        """Do as :meth:`_read`, and note when there was an answer."""
        text = self._read(number, image, state)
        done.answered_at = time.monotonic()
        return text

    @staticmethod
    def _collect(waiting: dict[Future[str | None], int], done: _Round, seconds: float | None = None) -> None:
        """Take what has been answered, once there is anything, or after so many seconds."""
        for future in wait(waiting, seconds, return_when=FIRST_COMPLETED).done:
            number = waiting.pop(future)
            try:
                done.texts[number] = future.result()
            except (ServerGone, PageLate, PageFailed) as why:
                done.unanswered[number] = why

    def _judge(self, done: _Round, state: State, lost: Counter[int], *, alone: bool) -> None:
        """Give up those without an answer that are to blame; the others are put to a server again."""
        lost_seconds = time.monotonic() - done.answered_at
        answers = self._answers(state)
        for number, why in done.unanswered.items():
            if alone or (answers and isinstance(why, PageLate)):
                _LOG.warning("page %d is given up%s: %s", number, ", asked alone" if alone else "", why)
                done.texts[number] = None
            else:
                _LOG.warning("page %d is put to a server again: %s", number, why)
                # What fails on a server that answers for another page is suspected at once.
                lost[number] = _MOST_LOST if answers else lost[number] + 1
        if not (alone or answers):
            self._clock.give_back(lost_seconds)

    def _answers(self, state: State) -> bool:
        """Whether a server answers for a page that no document has; one that does not is started again."""
        if not self._server.is_current(state.generation):
            return False
        try:
            # That takes as long as a page that is late where it hangs.
            with self._clock.paused():
                self._ask(self._render(self._scan, 1), {}, state)
        except ServerGone:
            return False
        except (PageLate, PageFailed) as why:
            self._server.suspect(state.generation, f"it has no answer for a scan that others read: {why}")
            return False
        except PageRefused:
            pass
        return True

    def _read(self, number: int, image: bytes, state: State) -> str | None:
        """Return a page's text, ``None`` where it is given up: its text layer, if it has one, is kept then.

        Raises:
            ServerGone: it is to be put to another server.
            PageLate: it, or the server, takes too long.
            PageFailed: the server fails at it, or at all pages.
        """
        try:
            answer = self._ask(image, {}, state)
            problem = problem_of(answer)
            is_blank = answer.is_blank
            if problem:
                _LOG.info("page %d is asked once more: %s", number, problem)
                answer = self._ask(image, self._preset.second_request, state)
                problem = problem_of(answer)
                is_blank = is_blank and answer.is_blank
        except (PageLate, PageFailed):
            raise
        except PageRefused as refused:
            _LOG.warning("page %d is given up: %s", number, refused)
            return None
        text = to_markdown(cleaned(answer.text))
        # Blank is what both answers say; one that was cut off says nothing of the page, whatever it has.
        if problem and not is_blank:
            _LOG.warning("page %d is given up: %s, the second time", number, problem)
            return None
        if not text:
            _LOG.info("page %d has no text for the server", number)
        return text

    def _ask(self, image: bytes, more: dict[str, Any], state: State) -> Answer:
        return self._client.ask(state.port, image, more, lambda: self._server.is_current(state.generation))

    def _render(self, source: pypdfium2.PdfDocument, number: int) -> bytes:
        try:
            page = source[number - 1]
            try:
                scale = scale_within(
                    *page.get_size(),
                    dpi=self._preset.dpi,
                    most_pixels=self._preset.most_pixels,
                    most_side=MOST_SIDE,
                )
                return render_png(page, scale)
            finally:
                page.close()
        except self._error as error:
            raise DocumentFailure(FailureClass.CORRUPT, f"page {number} cannot be rendered: {error}") from error


def _close(permit: ExitStack, _read: Future[str | None]) -> None:
    permit.close()
