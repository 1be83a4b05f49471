# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The child process of the fallback: counts pages of local files."""

from __future__ import annotations

import ctypes
import importlib
import logging
import mmap
import resource
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from .._children.serving import attach
from .consensus import Answer
from .errors import DoubtError, UnsupportedError
from .pdfium import PASSWORD, error_code
from .walk import walk_file

# Address space: libraries take 0.5 GiB, the largest theses some 1 GiB.
_MEMORY_BYTES = 4 << 30


def _walk(path: Path) -> Answer:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        try:
            walk = walk_file(content)
        except UnsupportedError as unsupported:
            return Answer(None, str(unsupported), unsupported=True)
        except DoubtError as doubt:
            return Answer(None, str(doubt))
        return Answer(walk.pages, walk.flaw)


def _pdfium(path: Path) -> Answer:
    import pypdfium2

    # Not by its path: pypdfium2 looks for the file that a link of /proc names, which may be deleted.
    # What PDFium would write into these private pages is in no file.
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    try:
        document = pypdfium2.PdfDocument((ctypes.c_ubyte * len(content)).from_buffer(content))
    except pypdfium2.PdfiumError as error:
        return Answer(None, f"PDFium: {error}", needs_password=error_code(error) == PASSWORD)
    try:
        return Answer(len(document))
    finally:
        document.close()


def _pypdf(path: Path) -> Answer:
    import pypdf
    from pypdf.errors import DependencyError

    try:
        with pypdf.PdfReader(path) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                return Answer(None, "pypdf: a password is needed", needs_password=True)
            # Page by page, since an encrypted file's length is its /Count.
            return Answer(sum(1 for _ in reader.pages))
    except DependencyError as error:
        return Answer(None, f"pypdf: {error}", unsupported=True)
    # pypdf raises nearly every exception there is for a damaged file.
    except Exception as error:
        return Answer(None, f"pypdf: {type(error).__name__}: {error}")


METHODS: Mapping[str, Callable[[Path], Answer]] = {"walk": _walk, "pdfium": _pdfium, "pypdf": _pypdf}


def main() -> None:
    """Serve the parent until the end of its input."""
    parent = attach()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    logging.disable(logging.CRITICAL)
    # A library that is missing must not look like a document that is damaged.
    for library in ("pypdfium2", "pypdf"):
        try:
            importlib.import_module(library)
        except ImportError as error:
            parent.tell(missing(library, str(error)))
            return
    parent.tell_ready()
    for question in parent:
        try:
            answer = METHODS[question["method"]](Path(question["path"]))
        except MemoryError:
            answer = Answer(None, f"{question['method']}: needs more than {_MEMORY_BYTES >> 30} GiB of memory")
        parent.tell(asdict(answer))


def missing(library: str, why: str) -> dict[str, str]:
    """Return what is said in place of being ready where a library cannot be imported."""
    return {"missing": library, "why": why}


if __name__ == "__main__":
    main()
