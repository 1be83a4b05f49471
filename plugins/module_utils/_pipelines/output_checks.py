# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an output must be before its document is called done, whatever a pipeline said of it.

Every check raises :class:`DocumentFailure` with the class that tells what is wrong.
"""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._records.failure_classes import FailureClass
from .failures import DocumentFailure

# The kernel stamps files by a clock that is up to 10 ms behind (CONFIG_HZ=100).
_TICK_SECONDS = 0.01
# A page of academic prose has 1,500 to 3,000 characters. Below 20 a page on average nearly nothing of a
# document was read: a scan of which only the library's cover page has a text layer, for example. Short
# documents (a title page, a figure) may have as little, so they are not measured.
LEAST_CHARACTERS_PER_PAGE = 20
MEASURED_FROM_PAGES = 10
# Half the pages of a thesis may be plates and blanks; more without any text were not read.
_LEAST_SHARE_OF_PAGES = 0.5
# The title and the remarks of glossAPI's OCR backends where they recognised nothing.
_STUB_TITLE = re.compile(r"#\s*(deepseek[\s-]?ocr|olmocr|glm-?ocr|mineru)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_STUB_LINE = re.compile(
    r"(source|pages):.*|\[\[blank page\]\]|--- page \d+ ---|\[\.\.\. possibly truncated \.\.\.\]|<!--.*-->",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Start:
    """When an attempt began, and what its folder held then.

    Attributes:
        wall: seconds since the epoch.
        monotonic: the same instant by a clock that nobody sets.
        files: inode and modification time (ns) of each file that was there.
    """

    wall: float
    monotonic: float
    files: dict[Path, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Start:
        """Return the start of an attempt, now, that writes below ``folder``."""
        files = {path: _identity(path) for path in folder.rglob("*") if path.is_file()}
        return cls(time.time(), time.monotonic(), files)

    def is_fresh(self, path: Path) -> bool:
        """Whether the file was written by this attempt."""
        elapsed = time.monotonic() - self.monotonic
        # The wall clock may have been set meanwhile: whichever of the two starts is earlier counts.
        earliest = min(self.wall, time.time() - elapsed) - _TICK_SECONDS
        return path.stat().st_mtime >= earliest and self.files.get(path) != _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def read_markdown(path: Path, start: Start) -> str:
    """Return the text of a Markdown file that is this attempt's, is no stub, and has text.

    Raises:
        DocumentFailure: it is anything else.
    """
    _check_file(path, start)
    with decoding(path.name):
        text = path.read_text(encoding="utf-8")
    if not count_characters(text):
        raise DocumentFailure(FailureClass.EMPTY_OUTPUT, f"{path.name} has no text")
    if is_stub(text):
        raise DocumentFailure(FailureClass.PIPELINE, f"{path.name} is a stub without the document's text: {text[:200]}")
    return text


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn bytes that are no UTF-8 into a :class:`DocumentFailure` that says what they were to be."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise DocumentFailure(FailureClass.PIPELINE, f"{name} is not UTF-8: {error}") from error


def read_json(path: Path, start: Start) -> dict[str, Any]:
    """Return the object in a JSON file that is this attempt's.

    Raises:
        DocumentFailure: it is anything else.
    """
    _check_file(path, start)
    return parse_json(path.read_bytes(), path.name)


def parse_json(body: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object whose text is ``body``.

    Raises:
        DocumentFailure: it is none.
    """
    try:
        value = json.loads(body)
    except ValueError as error:
        raise DocumentFailure(FailureClass.PIPELINE, f"{name} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise DocumentFailure(FailureClass.PIPELINE, f"{name} is JSON but not an object")
    return value


def is_stub(text: str) -> bool:
    """Whether a text is what an OCR backend writes in place of a result: a title and remarks alone."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return bool(lines) and bool(_STUB_TITLE.match(lines[0])) and all(_STUB_LINE.fullmatch(line) for line in lines[1:])


def check_length(characters: int, pages: int, *, has_ocr: bool) -> None:
    """Check that a text is long enough for its pages.

    Args:
        characters: see :func:`count_characters`.
        pages: of the document; 0 where unknown.
        has_ocr: whether the pipeline had OCR: without it the document may need it.

    Raises:
        DocumentFailure: it has less than :data:`LEAST_CHARACTERS_PER_PAGE` on average over at least
            :data:`MEASURED_FROM_PAGES` pages.
    """
    if pages >= MEASURED_FROM_PAGES and characters < LEAST_CHARACTERS_PER_PAGE * pages:
        raise DocumentFailure(
            missing_text(has_ocr=has_ocr), f"{characters} characters of text for {pages} pages: they were not read"
        )


def count_characters(text: str) -> int:
    """Return the number of characters of Markdown that are neither white space nor in comments.

    docling writes ``<!-- image -->`` for what it did not read.
    """
    return len("".join(_COMMENT.sub("", text).split()))


def check_pages_with_text(with_text: int, pages: int, *, has_ocr: bool) -> None:
    """Check that text was found on enough of at least :data:`MEASURED_FROM_PAGES` pages.

    Raises:
        DocumentFailure: on less than half of them.
    """
    if pages >= MEASURED_FROM_PAGES and with_text < _LEAST_SHARE_OF_PAGES * pages:
        raise DocumentFailure(missing_text(has_ocr=has_ocr), f"text on {with_text} of {pages} pages only")


def check_page_count(found: int, expected: Sequence[int]) -> None:
    """Check that the output covers as many pages as the document has.

    Args:
        found: pages of the output.
        expected: what the document may have by those who counted; 0 where one does not know.

    Raises:
        DocumentFailure: nobody counted that many.
    """
    known = [pages for pages in expected if pages]
    if known and found not in known:
        counts = " or ".join(str(pages) for pages in dict.fromkeys(known))
        raise DocumentFailure(FailureClass.PIPELINE, f"the output has {found} pages, the document {counts}")


def missing_text(*, has_ocr: bool) -> FailureClass:
    """Return the class of a document of which nothing was read."""
    return FailureClass.EMPTY_OUTPUT if has_ocr else FailureClass.NEEDS_OCR


def _check_file(path: Path, start: Start) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        raise DocumentFailure(FailureClass.EMPTY_OUTPUT, f"there is no {path.name}") from None
    if not stat.S_ISREG(mode):
        raise DocumentFailure(FailureClass.PIPELINE, f"{path.name} is not a regular file")
    if not start.is_fresh(path):
        raise DocumentFailure(FailureClass.PIPELINE, f"{path.name} is older than the attempt that should have made it")
