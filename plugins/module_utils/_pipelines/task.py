# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from .._records.markers import Formulas, Output
from .failures import DocumentFailure
from .page_text import PageText


@dataclass(frozen=True)
class Task:
    """One document for a pipeline.

    Attributes:
        uri: where it comes from.
        key: its key, by which results are named.
        pages: how many are to be worked on; 0 where unknown.
        input: the local copy.
        folder: an empty folder for whatever processing it writes.
        layer: a local file with the text layer as stage ``text`` read it, for stage ``ocr``; else ``None``.
        open_pages: numbers of the pages that stage ``ocr`` is to recognise; empty at other stages.
        document: a local file with docling's document as stage ``text`` made it, for stage ``math``; else ``None``.
        part: numbers of the pages that are to be recognised now, where the document is divided; else empty.
        ranges: the folder with the folders of all parts, where the document is to be composed of them; else ``None``.
    """

    uri: str
    key: str
    pages: int
    input: Path
    folder: Path
    layer: Path | None = None
    open_pages: tuple[int, ...] = ()
    document: Path | None = None
    part: tuple[int, ...] = ()
    ranges: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a pipeline made of one document, checked: fresh and not empty.

    Attributes:
        pages: its text, by which it is judged; ``None`` where its options say that the output is no text.
        markdown: a local file to upload, ``None`` where the pipeline uploaded it itself.
        json: a local file to upload, ``None`` where there is none.
        uploaded: objects the pipeline uploaded itself.
        page_markdown: returns the Markdown of these pages, by number, where that is other than their text. Asked only
            where other pages of the document are to be recognised.
        open_formulas: how many formulas were found and not read, for stage ``math``.
        formulas: what that stage made of them; ``None`` at others.
    """

    pages: tuple[PageText, ...] | None
    markdown: Path | None = None
    json: Path | None = None
    uploaded: tuple[Output, ...] = ()
    page_markdown: Callable[[Collection[int]], Mapping[int, str]] | None = None
    open_formulas: int = 0
    formulas: Formulas | None = None


@dataclass(frozen=True)
class Results:
    """What is kept of a document whose text was found good.

    Attributes:
        markdown: see :class:`Product`.
        json: see :class:`Product`.
        quality: a local file to upload with what was found out about the text; ``None`` where it is no text.
        uploaded: see :class:`Product`.
        open_formulas: see :class:`Product`; 0 where stage ``math`` does not follow.
        formulas: see :class:`Product`.
    """

    markdown: Path | None = None
    json: Path | None = None
    quality: Path | None = None
    uploaded: tuple[Output, ...] = ()
    open_formulas: int = 0
    formulas: Formulas | None = None


@dataclass(frozen=True)
class Forwarded:
    """A document whose text layer is no text, for stage ``ocr`` to go on with.

    Attributes:
        layer: a local file to upload, with what its text layer has.
        open_pages: numbers of the pages to recognise; not empty.
        message: why it does not do.
    """

    layer: Path
    open_pages: tuple[int, ...]
    message: str


@dataclass(frozen=True)
class Recognised:
    """A part of a document whose text is in the part's folder.

    Attributes:
        pages: of how many pages; the others were given up.
    """

    pages: int


class WorkerUnfit(Exception):  # noqa: N818 - named for what the supervisor is told
    """The worker cannot work for a reason that is not the document's, such as a full disk."""


Outcome = Results | Forwarded | Recognised | DocumentFailure | WorkerUnfit
