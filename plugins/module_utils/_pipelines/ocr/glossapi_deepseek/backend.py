# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_deepseek``: pages are rendered and read by glossAPI's own script."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ...._errors import FarmError
from ...._records.failure_classes import FailureClass
from ...failures import DocumentFailure, GpuFault
from ...pdf_input import count_pages
from ..trial import require_reading
from .command import FILE
from .engine import EngineEnded
from .results import Answer, PageRange, PageResult, UnknownShape, ranges_of, read_results

_LOG = logging.getLogger(__name__)
# Pages that are put to the script at once, by how often it ended while it had this document: one of them may be the
# cause, and each end costs a start. After the last the document is given up.
_AT_ONCE = (None, 16, 1, 16)


class Script(Protocol):
    """What a backend asks of the process that runs the script; see :class:`Engine`."""

    @property
    def output(self) -> Path:
        """The folder that the script writes to."""

    @property
    def runs(self) -> bool:
        """Whether there is a process that can be asked."""

    def start(self) -> None:
        """Have a process whose engine is loaded."""

    def recognise(self, document: Path, ranges: Sequence[PageRange]) -> list[Answer]:
        """Have the script read pages."""


class _Trial:
    """Reads without another start, for the scan whose text is known."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002 - none
        """See :meth:`OcrBackend.recognise`.

        Raises:
            FarmError: the script ended meanwhile, or left what is not known of it.
        """
        results, ended = _read(self._script, document, pages)
        if ended is not None:
            raise FarmError(str(ended))
        return _texts(results)


class DeepSeekBackend:
    """Has all pages of a document read that are to be recognised, one document after the other.

    Args:
        script: that has been started.
        name: of the backend, for people.
        folder: the worker's own.
    """

    def __init__(self, script: Script, *, name: str, folder: Path) -> None:
        self._script = script
        self._name = name
        self._folder = folder

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002 - its own
        """Return the text of each page but those that were given up; see the protocol.

        What was read before the script ended is kept, and the rest put to the next one. A page that was alone when it
        ended is given up.

        Raises:
            DocumentFailure: the document cannot be opened, ends one script after the other, or what the script leaves
                is not known.
            GpuFault: the script cannot be started again, or does not read any more.
        """
        count_pages(document)
        texts: dict[int, str] = {}
        left, deaths = sorted(pages), 0
        while left:
            self._have_script()
            these = left[: _AT_ONCE[deaths]]
            results, ended = _read(self._script, document, these)
            texts |= _texts(results)
            done = set(these)
            if ended is None:
                _tell_given_up(these, results)
            else:
                deaths += 1
                if deaths == len(_AT_ONCE):
                    raise DocumentFailure(
                        FailureClass.CRASH, f"glossAPI's script ended {deaths} times while it had it; last: {ended}"
                    ) from ended
                if len(these) == 1 and deaths > 1:
                    _LOG.warning("page %d is given up, as the script ended when it had no other: %s", these[0], ended)
                else:
                    _LOG.warning("pages are put to another start of the script: %s", ended)
                    done = set(_texts(results))
            left = [page for page in left if page not in done]
        return {page: texts[page] for page in pages if page in texts}

    def _have_script(self) -> None:
        """Have a script that reads.

        Raises:
            GpuFault: there is none, or it does not.
        """
        if self._script.runs:
            return
        try:
            self._script.start()
            require_reading(_Trial(self._script), f"{self._name}, started again,", self._folder)
        except FarmError as error:
            raise GpuFault(str(error)) from error


def _read(script: Script, document: Path, pages: Sequence[int]) -> tuple[dict[int, PageResult], EngineEnded | None]:
    """Return what became of the pages, and why the script ended where it did.

    Raises:
        DocumentFailure: what it left is not known, or nothing is there though it said that it had read them.
    """
    ranges = ranges_of(pages)
    ended: EngineEnded | None = None
    try:
        answers: Sequence[Answer] = script.recognise(document, ranges)
    except EngineEnded as end:
        ended, answers = end, end.answers
    try:
        results = read_results(script.output, FILE, ranges, answers)
    except UnknownShape as shape:
        # Of one that was killed while it wrote.
        if ended is not None:
            return {}, ended
        raise _not_known(str(shape)) from shape
    if not results and ended is None:
        raise _not_known(f"it said that it had read {len(pages)} pages, and left no metrics of any")
    return results, ended


def _not_known(what: str) -> DocumentFailure:
    return DocumentFailure(
        FailureClass.PIPELINE,
        f"glossAPI's script left what this collection does not know: {what}. Another commit of glossAPI may be the "
        "cause: see docs/operations.md",
    )


def _texts(results: dict[int, PageResult]) -> dict[int, str]:
    return {page: result.text for page, result in results.items() if result.text is not None}


def _tell_given_up(pages: Sequence[int], results: dict[int, PageResult]) -> None:
    for page in pages:
        result = results.get(page, PageResult(None, "the script has no metrics of it"))
        if result.text is None:
            _LOG.warning("page %d is given up: %s", page, result.why)
