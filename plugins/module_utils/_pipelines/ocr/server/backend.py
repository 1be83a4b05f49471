# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``server``: pages are rendered by PDFium and read by the inference server of the worker's GPU."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...._errors import FarmError
from ...._records.failure_classes import FailureClass
from ...failures import DocumentFailure, GpuFault
from ...page_image import render_png, scale_within
from ...pdf_input import open_document
from ..trial import require_reading
from .answers import Answer, cleaned, problem_of
from .chat import ChatClient, PageLate, PageRefused, ServerGone
from .markdown import to_markdown
from .messages import State
from .preset import Preset

if TYPE_CHECKING:
    import pypdfium2

_LOG = logging.getLogger(__name__)
MOST_SIDE = 20_000
# Of pages that were in flight when servers ended: the next one that has them has each of them alone.
_MOST_DEATHS = 2
# Pages in a row that were too late make a server one that is started again.
_MOST_LATE = 3


class Server(Protocol):
    """What a backend asks of the server's keeper; see :class:`Link`."""

    def wait_until_ready(self) -> State:
        """Return the state of a server that can be asked."""

    def is_current(self, generation: int) -> bool:
        """Whether that server can still be asked."""

    def forget(self, generation: int) -> None:
        """Note that it does not answer any more."""

    def suspect(self, generation: int, why: str) -> None:
        """Have it started again."""


@dataclass
class _Round:
    """What became of the pages that were put to one server.

    Attributes:
        texts: by page; ``None`` for one that was given up.
        in_flight: those that the server had when it ended.
    """

    texts: dict[int, str | None] = field(default_factory=dict)
    in_flight: list[int] = field(default_factory=list)


class ServerBackend:
    """Has pages in flight, as many as it may, of one document after the other.

    Args:
        preset: what is asked.
        server: whom.
        client: how.
        most: pages in flight at once; so many pictures are in memory, and one more.
        name: of the backend, for people.
        folder: the worker's own.
    """

    def __init__(
        self, preset: Preset, server: Server, client: ChatClient, *, most: int, name: str, folder: Path
    ) -> None:
        # Imported now: a worker without it must not blame its first document for that.
        import PIL.Image  # noqa: F401
        import pypdfium2

        self._error = pypdfium2.PdfiumError
        self._preset = preset
        self._server = server
        self._client = client
        self._most = most
        self._name = name
        self._folder = folder
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="page")
        self._proven: int | None = None
        self._late = 0

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002 - none
        """Return the text of each page but those that were given up; see the protocol.

        A server that ends meanwhile is no page's fault: pages that it had are put to the next one.

        Raises:
            DocumentFailure: the document cannot be opened, or a page cannot be rendered.
            GpuFault: there is no server any more, or it does not read any more.
        """
        source = open_document(document)
        texts: dict[int, str | None] = {}
        deaths: Counter[int] = Counter()
        left: Sequence[int] = pages
        try:
            while left:
                state = self._ready()
                # One of them may be what ends each server: that one is found alone.
                alone = [number for number in left if deaths[number] >= _MOST_DEATHS]
                these = alone[:1] or left
                done = self._put(source, these, state)
                texts |= done.texts
                deaths.update(done.in_flight)
                given_up = {number for number in done.in_flight if deaths[number] > _MOST_DEATHS}
                for number in given_up:
                    _LOG.warning(
                        "page %d is given up: the server ended %d times while it had it", number, deaths[number]
                    )
                    texts[number] = None
                left = [number for number in left if number not in texts]
        finally:
            source.close()
        return {number: text for number in pages if (text := texts[number]) is not None}

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
            elif state.generation != self._proven:
                self._proven = state.generation
                require_reading(self, f"{self._name}, started again,", self._folder)
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
                if len(waiting) >= self._most:
                    self._collect(waiting, done)
                if done.in_flight:
                    break
                image = self._render(source, number)
                waiting[self._threads.submit(self._read, number, image, state)] = number
                del image
            while waiting:
                self._collect(waiting, done)
        finally:
            # A page that cannot be rendered, or a stop: the others' answers are of no use.
            for future in waiting:
                future.cancel()
        if done.in_flight:
            self._server.forget(state.generation)
        return done

    @staticmethod
    def _collect(waiting: dict[Future[str | None], int], done: _Round) -> None:
        """Take what has been answered, once there is anything."""
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            number = waiting.pop(future)
            try:
                done.texts[number] = future.result()
            except ServerGone as gone:
                _LOG.warning("page %d is put to the next server: %s", number, gone)
                done.in_flight.append(number)

    def _read(self, number: int, image: bytes, state: State) -> str | None:
        """Return a page's text, ``None`` where it is given up: its text layer, if it has one, is kept then.

        Raises:
            ServerGone: it is to be put to another server.
        """
        try:
            answer = self._ask(image, {}, state)
            problem = problem_of(answer)
            if problem:
                _LOG.info("page %d is asked once more: %s", number, problem)
                answer = self._ask(image, self._preset.second_request, state)
                problem = problem_of(answer)
        except PageLate as late:
            _LOG.warning("page %d is given up: %s", number, late)
            self._note_late(state)
            return None
        except PageRefused as refused:
            _LOG.warning("page %d is given up: %s", number, refused)
            return None
        text = to_markdown(cleaned(answer.text))
        if problem and answer.text.strip():
            _LOG.warning("page %d is given up: %s, twice", number, problem)
            return None
        if not text:
            _LOG.info("page %d has no text for the server", number)
        return text

    def _ask(self, image: bytes, more: dict[str, Any], state: State) -> Answer:
        answer = self._client.ask(state.port, image, more, lambda: self._server.is_current(state.generation))
        self._late = 0
        return answer

    def _note_late(self, state: State) -> None:
        self._late += 1
        if self._late >= _MOST_LATE:
            self._late = 0
            self._server.suspect(
                state.generation, f"{_MOST_LATE} pages in a row had no answer within {self._preset.page_seconds:g} s"
            )

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
