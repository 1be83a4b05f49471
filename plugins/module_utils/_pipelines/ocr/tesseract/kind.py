# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``tesseract`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ...kind import WorkerContext
from ..backend import OcrBackend, OcrBackendKind
from .engines import engine_version, load_engine
from .language_data import find_language_data
from .options import NAME, TesseractOptions


class TesseractKind(OcrBackendKind):
    """Tesseract on CPUs."""

    name = NAME
    summary = "V(tesseract) reads pages on a CPU by tesseract, from the Python package tesserocr or as a program."
    options_help = """
        V(tesseract) has C(languages), tesseract's names of the languages to read (default V([ell, eng])), and
        C(tessdata), the absolute path of the folder with C(<language>.traineddata) for each (by default that in the
        environment's E(TESSDATA_PREFIX), and else that of the installed program). In its place C(weights) and
        C(weights_digest) name the folder and the list of pinned weights. It refuses to start where a file is missing or
        altered.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`TesseractOptions.parse`.
        """
        TesseractOptions.parse(options)

    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker.

        Raises:
            FarmError: an option is wrong, tesseract is not installed, or language data is missing, damaged or not
                what was pinned.
            ImportError: PDFium is not installed.
        """
        from .backend import TesseractBackend

        options = TesseractOptions.parse(worker.options)
        options.verify_weights()
        return TesseractBackend(load_engine(find_language_data(options)))

    def revision(self, options: dict[str, Any]) -> str:
        """Return tesseract's version, and each language with the digest of its data.

        Raises:
            FarmError: see :meth:`create`.
        """
        version = engine_version()
        return f"{version}, {find_language_data(TesseractOptions.parse(options)).revision}"

    def environment(self, _worker: WorkerContext) -> dict[str, str]:
        """Return what keeps tesseract at one thread: there is a worker for each slot already."""
        return {"OMP_THREAD_LIMIT": "1"}

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the languages, and the digest of what is pinned; which data is used is in :meth:`revision`.

        Raises:
            FarmError: see :meth:`check`.
        """
        return TesseractOptions.parse(options).for_hash()

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the digest of the list that pins the language data; empty where none does.

        Raises:
            FarmError: see :meth:`check`.
        """
        return TesseractOptions.parse(options).weights_digest or ""


TESSERACT = TesseractKind()
