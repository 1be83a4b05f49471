# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to tesseract: its library, which the Python package tesserocr brings along, and its program."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any, Protocol

from ...._children.forked import ForkFailure, call_forked
from ...._errors import FarmError
from .language_data import LanguageData

_LOG = logging.getLogger(__name__)
# A page of small print takes 3 s on a slow core; noise that looks like letters takes minutes, with no end to it.
PAGE_SECONDS = 120.0


@dataclass(frozen=True)
class Picture:
    """A page.

    Attributes:
        width: in pixels; likewise the height.
        pixels: one grey byte each, rows without padding.
        dpi: pixels an inch.
    """

    width: int
    height: int
    pixels: bytes
    dpi: int


_BLANK = Picture(64, 64, b"\xff" * 64 * 64, 300)


class Engine(Protocol):
    """Tesseract with its languages loaded."""

    def read(self, picture: Picture) -> str | None:
        """Return the text; ``None`` where the page was given up: it took too long, or tesseract failed on it."""
        ...


def load_engine(data: LanguageData) -> Engine:
    """Return the library where tesserocr is installed, else the program.

    Raises:
        FarmError: neither is installed, or it cannot load the language data.
    """
    tesserocr = _tesserocr()
    return LibraryEngine(tesserocr, data) if tesserocr else ProgramEngine(_program(), data)


def engine_version() -> str:
    """Return what :func:`load_engine` would load, with its version.

    Raises:
        FarmError: neither is installed.
    """
    tesserocr = _tesserocr()
    if tesserocr:
        return f"{_first_line(tesserocr.tesseract_version())} (tesserocr {tesserocr.__version__})"
    finished = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=False)
    return _first_line(finished.stdout or finished.stderr)


class LibraryEngine:
    """The library, loaded in this process, and each page read in a fork of it.

    Args:
        tesserocr: the module.
        data: the languages to read.
        page_seconds: the limit of a page.

    Raises:
        FarmError: it cannot load the language data.
    """

    def __init__(self, tesserocr: Any, data: LanguageData, page_seconds: float = PAGE_SECONDS) -> None:
        self._seconds = page_seconds
        try:
            self._api = tesserocr.PyTessBaseAPI(
                path=str(data.folder), lang=data.joined, psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
            )
        except RuntimeError as error:
            raise _cannot_load(data, data.joined, str(error)) from error
        # It goes on without a language whose file is damaged.
        lost = set(data.languages) - set(self._api.GetLoadedLanguages())
        if lost:
            raise _cannot_load(data, ", ".join(sorted(lost)), "the file is damaged")
        if self.read(_BLANK) is None:
            raise _cannot_load(data, data.joined, "it cannot read a blank page")

    def read(self, picture: Picture) -> str | None:
        """Return the text; see :class:`Engine`."""
        # Its own limit of time is not looked at while it takes a page apart.
        try:
            text = call_forked(lambda: self._read(picture).encode(), self._seconds)
        except ForkFailure as failure:
            _LOG.warning("tesseract gave up a page: %s", failure)
            return None
        return None if text is None else text.decode(errors="replace")

    def _read(self, picture: Picture) -> str:
        self._api.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.width)
        self._api.SetSourceResolution(picture.dpi)
        return str(self._api.GetUTF8Text())


class ProgramEngine:
    """The program, run for each page.

    Args:
        program: its path.
        data: the languages to read.
        page_seconds: the limit of a page.

    Raises:
        FarmError: it cannot load the language data.
    """

    def __init__(self, program: str, data: LanguageData, page_seconds: float = PAGE_SECONDS) -> None:
        self._command = [program, "stdin", "stdout", "--tessdata-dir", str(data.folder), "-l", data.joined]
        self._command += ["--oem", "1", "--psm", "3"]
        self._seconds = page_seconds
        finished = self._run(_BLANK)
        said = finished.stderr.decode(errors="replace").strip()
        # It goes on without a language whose file is damaged.
        if finished.returncode or re.search("failed loading language", said, re.IGNORECASE):
            raise _cannot_load(data, data.joined, said)

    def read(self, picture: Picture) -> str | None:
        """Return the text; see :class:`Engine`."""
        try:
            finished = self._run(picture)
        except subprocess.TimeoutExpired:
            return None
        if finished.returncode:
            said = finished.stderr.decode(errors="replace").strip()
            _LOG.warning("tesseract gave up a page with status %d: %s", finished.returncode, said)
            return None
        return finished.stdout.decode(errors="replace")

    def _run(self, picture: Picture) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self._command, "--dpi", str(picture.dpi)],
            input=f"P5 {picture.width} {picture.height} 255\n".encode() + picture.pixels,
            capture_output=True,
            check=False,
            timeout=self._seconds,
        )


def _tesserocr() -> Any:
    try:
        import tesserocr
    except ImportError:
        return None
    return tesserocr


def _program() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise FarmError(
            "Tesseract is not installed: install the Python package tesserocr, which brings it along, beside this "
            "collection's requirements, or the program tesseract."
        )
    return program


def _cannot_load(data: LanguageData, languages: str, why: str) -> FarmError:
    return FarmError(
        f"Tesseract cannot load the language data of {languages} in {data.folder}: {why}. Fetch the files again."
    )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()
