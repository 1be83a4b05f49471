# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an OCR backend reads a scan whose text is known, before it is given a document."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..._errors import FarmError
from ..canary.documents import SCAN
from ..canary.reading import problem_of, read
from ..failures import DocumentFailure
from ..kind import WorkerContext
from .backend import OcrBackend, OcrBackendKind


def create_tried(kind: OcrBackendKind, worker: WorkerContext) -> tuple[OcrBackend, str]:
    """Return the backend of a worker, loaded and tried on a scan whose text is known, and its name with its revision.

    Raises:
        GpuFault: the worker's GPU cannot be used.
        FarmError: an option is wrong, something is missing that the backend needs, or it does not read the scan.
        ImportError: something is not installed.
    """
    name = f"{kind.name} {kind.revision(worker.options)}".strip()
    backend = kind.create(worker)
    require_reading(backend, name, worker.folder)
    return backend, name


def require_reading(backend: OcrBackend, name: str, folder: Path) -> None:
    """Check that the backend reads Greek and English.

    Args:
        backend: just loaded.
        name: of the backend, for people.
        folder: the worker's own.

    Raises:
        FarmError: what it reads is not what stands there: a wrong model, or one without Greek, makes noise of a whole
            collection that looks like success.
        GpuFault: the GPU cannot be used.
    """
    work = folder / "canary"
    # Left by a worker that died here.
    shutil.rmtree(work, ignore_errors=True)
    (work / "pages").mkdir(parents=True)
    scan = work / "canary.pdf"
    scan.write_bytes(SCAN)
    try:
        text = backend.recognise(scan, [1], work / "pages").get(1)
    except DocumentFailure as failure:
        raise FarmError(f"{name} cannot read a scan whose text is known: {failure}.") from failure
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if text is None:
        raise FarmError(f"{name} has given up a scan whose text is known: the worker's log says why.")
    problem = problem_of(read(text), is_recognised=True)
    if problem:
        raise FarmError(f"{name} does not read a scan whose text is known: {problem}")
