# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The child process of the fallback: counts pages of local files."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import logging
import mmap
import resource
import signal
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .._children.serving import attach
from .consensus import Answer, Answers
from .errors import InconsistentError, UnsupportedError
from .pdfium import ENCRYPTED, error_code, loaded_pages, open_pdf
from .walk import walk_file

# Address space: libraries take 0.5 GiB, the largest theses some 1 GiB.
_MEMORY_BYTES = 4 << 30
_ENCRYPT = b"/Encrypt"
_PIECE_BYTES = 1 << 20


def _walk(path: Path) -> Answer:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        try:
            walk = walk_file(content)
        except UnsupportedError as unsupported:
            return Answer(None, str(unsupported), unsupported=True)
        except InconsistentError as inconsistent:
            return Answer(None, str(inconsistent))
        return Answer(walk.pages, walk.flaw, open_kids=walk.open_kids)


def _pdfium(path: Path) -> Answer:
    return _by_pdfium(path, len)


def _loaded(path: Path) -> Answer:
    return _by_pdfium(path, loaded_pages)


def _by_pdfium(path: Path, count: Callable[[Any], int]) -> Answer:
    import pypdfium2

    try:
        with open_pdf(path) as document:
            return Answer(count(document))
    except pypdfium2.PdfiumError as error:
        code = error_code(error)
        if code in ENCRYPTED and _has(path, _ENCRYPT):
            return Answer(None, ENCRYPTED[code], encrypted=True)
        return Answer(None, "PDFium cannot open it")


def _has(path: Path, wanted: bytes) -> bool:
    # In pieces: PDFium's mapping of a large file leaves no room for another.
    with path.open("rb") as file:
        end = b""
        while piece := file.read(_PIECE_BYTES):
            if wanted in end + piece:
                return True
            end = piece[1 - len(wanted) :]
    return False


def _pypdf(path: Path) -> Answer:
    import pypdf
    from pypdf.errors import DependencyError

    try:
        with pypdf.PdfReader(path) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                return Answer(None, "pypdf needs a password", encrypted=True)
            # Page by page, since an encrypted file's length is its /Count.
            return Answer(sum(1 for _ in reader.pages))
    except DependencyError:
        return Answer(None, "pypdf lacks a library", unsupported=True)
    # pypdf raises nearly every exception there is for a damaged file.
    except Exception:
        return Answer(None, "pypdf cannot read it")


# Their messages never get into an answer: other releases say other things, and the table is to stay the same.
METHODS: Mapping[str, Callable[[Path], Answer]] = {"walk": _walk, "pdfium": _pdfium, "loaded": _loaded, "pypdf": _pypdf}


def answer_by(method: str, path: Path) -> Answer:
    """Return what a method says of a file, be it that the file takes more memory than there is."""
    try:
        return METHODS[method](path)
    except MemoryError:
        pass
    except OSError as error:
        # A file cannot be mapped that is nearly as large as the address space.
        if error.errno != errno.ENOMEM:
            raise
    return Answer(None, f"{method} needs more than {_MEMORY_BYTES >> 30} GiB of memory")


def main() -> None:
    """Serve the parent until the end of its input."""
    parent = attach()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    logging.disable(logging.CRITICAL)
    # A library that is missing must not look like a document that is damaged.
    try:
        importlib.import_module("pypdfium2")
    except ImportError as error:
        parent.tell(missing("pypdfium2", str(error)))
        return
    # It takes as long as a hundred counts, and few documents need it.
    if importlib.util.find_spec("pypdf") is None:
        parent.tell(missing("pypdf", "there is no such module"))
        return
    parent.tell_ready()
    for message in parent:
        answers = Answers(**{name: Answer(**known) for name, known in message["known"].items() if known})
        while (method := answers.next_method) is not None:
            # Its signal, SIGPROF, ends this process wherever it is.
            signal.setitimer(signal.ITIMER_PROF, message["core_seconds"])
            answer = answer_by(method, Path(message["path"]))
            parent.tell(asdict(answer))
            answers = answers.adding(method, answer)


def question(path: Path, known: Answers, core_seconds: float) -> dict[str, Any]:
    """Return the message that asks for every further answer about a file, one after the other.

    Args:
        path: the file.
        known: what was answered before.
        core_seconds: how much of a core each way to count may use.
    """
    return {"path": str(path), "known": asdict(known), "core_seconds": core_seconds}


def missing(library: str, why: str) -> dict[str, str]:
    """Return what is said in place of being ready where a library cannot be imported."""
    return {"missing": library, "why": why}


if __name__ == "__main__":
    main()
