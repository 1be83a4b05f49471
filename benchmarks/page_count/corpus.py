# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of the benchmark: files as they are, or joined to the length of a thesis."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import quote

import pypdfium2
from pypdf import PdfWriter
from pypdf.errors import PyPdfError

from benchmarks.page_count.contenders import ListedFile
from benchmarks.page_count.server import etag_of

_SEED = 20261124


def corpus(folder: Path, smallest: int) -> dict[Path, ListedFile]:
    """Return the PDFs of at least ``smallest`` bytes below ``folder`` that PDFium can count.

    Of several files of one name, and of names a URL would have to quote, the server knows none but
    the first.
    """
    files: dict[Path, ListedFile] = {}
    names: set[str] = set()
    for path in sorted(folder.rglob("*.pdf")):
        if path.stat().st_size < smallest or path.name in names or quote(path.name) != path.name:
            continue
        listed = _listed(path)
        if listed is not None:
            names.add(path.name)
            files[path] = listed
    return files


def with_mean(files: dict[Path, ListedFile], mean: int) -> dict[Path, ListedFile]:
    """Return the smallest of the files, as many as have at most ``mean`` bytes on average."""
    chosen: dict[Path, ListedFile] = {}
    total = 0
    for path, file in sorted(files.items(), key=lambda item: item[1].bytes):
        total += file.bytes
        if total > mean * (len(chosen) + 1):
            break
        chosen[path] = file
    return chosen


def joined(parts: list[Path], documents: int, pages: int, folder: Path) -> dict[Path, ListedFile]:
    """Write ``documents`` PDFs of at least ``pages`` pages, each of random parts, and return them.

    Raises:
        RuntimeError: PDFium does not count what was written.
    """
    chance = random.Random(_SEED)
    files: dict[Path, ListedFile] = {}
    usable = [part for part in parts if _can_be_joined(part)]
    for number in range(documents):
        writer = PdfWriter()
        while len(writer.pages) < pages:
            writer.append(chance.choice(usable), import_outline=False)
        path = folder / f"thesis_{number:03}.pdf"
        writer.write(path)
        listed = _listed(path)
        if listed is None:
            raise RuntimeError(f"PDFium cannot read {path}, which pypdf wrote")
        files[path] = listed
    return files


def _listed(path: Path) -> ListedFile | None:
    body = path.read_bytes()
    try:
        with pypdfium2.PdfDocument(body) as document:
            return ListedFile(path.name, len(body), etag_of(body), len(document))
    except pypdfium2.PdfiumError:
        return None


def _can_be_joined(part: Path) -> bool:
    try:
        PdfWriter().append(part, import_outline=False)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError):
        return False
    return True
